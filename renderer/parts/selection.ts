import { useCallback, useState } from 'react'
import type { Hotkey } from '../lib/hotkeys.ts'

/** Things chosen to be changed together, of those that are shown. One that is not shown any more is none of them. */
export function useSelection(shown: readonly string[]) {
  const [ids, setIds] = useState<readonly string[]>([])
  const toggle = useCallback(
    (id: string) => setIds(all => (all.includes(id) ? all.filter(one => one !== id) : [...all, id])),
    []
  )
  return {
    ids: ids.length === 0 ? ids : shown.filter(id => ids.includes(id)),
    has: (id: string) => ids.includes(id),
    toggle,
    clear: () => setIds([])
  }
}

export type Selection = ReturnType<typeof useSelection>

interface Keys {
  selection: Selection
  /** What is selected, in the list of keys. */
  one: string
  may: boolean
  focused: () => string | null
  goOn: () => void
}

export function selectionKeys({ selection, one, may, focused, goOn }: Keys): Hotkey[] {
  if (!may) return []
  const toggle = () => {
    const id = focused()
    if (id !== null) selection.toggle(id)
  }
  return [
    { keys: 'x', label: `Select the ${one}`, run: toggle },
    {
      keys: 'shift+ArrowDown',
      label: 'Select and go on',
      run: () => {
        toggle()
        goOn()
      }
    },
    ...(selection.ids.length > 0 ? [{ keys: 'Escape', label: 'Clear the selection', run: selection.clear }] : [])
  ]
}

/** One after the other; what failed is answered, and holds up none of the others. */
export async function each<Item>(items: readonly Item[], act: (item: Item) => Promise<unknown>): Promise<unknown[]> {
  const faults: unknown[] = []
  for (const item of items) await act(item).catch(fault => faults.push(fault))
  return faults
}

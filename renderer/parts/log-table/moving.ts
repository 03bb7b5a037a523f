import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { focusRow } from '../../lib/focus.ts'
import { useHotkeys } from '../../lib/hotkeys.ts'

interface Moving<Item> {
  one: string
  items: readonly Item[]
  idOf: (item: Item) => string
  hrefOf: (item: Item) => string
  chosen: string | null
  /** What the id of a row's link begins with. */
  id: string
  toIndex: (at: number) => void
  /** Ids of the rows that are drawn. */
  drawn: readonly string[]
}

/** Which row takes the tab key, and how keys go from row to row. */
export function useMoving<Item>({ one, items, idOf, hrefOf, chosen, id, toIndex, drawn }: Moving<Item>) {
  const [focused, setFocused] = useState<string | null>(chosen)
  const [, navigate] = useLocation()
  const at = items.findIndex(item => idOf(item) === focused)
  // What was open gives the focus back to its row.
  const before = useRef(chosen)
  useEffect(() => {
    if (chosen === null && before.current !== null) document.getElementById(id + before.current)?.focus()
    before.current = chosen
  }, [chosen, id])
  const move = (by: number) => {
    const next = Math.max(0, Math.min(items.length - 1, at < 0 ? 0 : at + by))
    const item = items[next]
    if (item === undefined) return
    setFocused(idOf(item))
    toIndex(next)
    focusRow(id + idOf(item))
  }
  useHotkeys([
    { keys: 'j', label: `Next ${one}`, repeats: true, run: () => move(1) },
    { keys: 'k', label: `Previous ${one}`, repeats: true, run: () => move(-1) },
    {
      keys: 'Enter',
      label: `Open ${one}`,
      run: () => {
        const item = items[at]
        if (item !== undefined) navigate(hrefOf(item))
      }
    }
  ])
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: 12,
    PageUp: -12,
    Home: -items.length,
    End: items.length
  }
  return {
    stop: focused !== null && drawn.includes(focused) ? focused : (drawn[0] ?? null),
    onFocus: setFocused,
    onKeyDown: (event: KeyboardEvent) => {
      const by = steps[event.key]
      if (by === undefined || event.altKey) return
      event.preventDefault()
      move(by)
    }
  }
}

import { useCallback, useRef } from 'react'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { answerByKey } from '../../approvals/approval-answer.tsx'
import type { Item } from './items.ts'
import type { StreamView } from './use-stream-view.ts'

/** J and K walk the entries; End goes to the latest, or to the request that waits. */
export function useEntryKeys(
  items: readonly Item[],
  view: StreamView,
  firstVisible: number,
  jump: () => Promise<void>
): void {
  const now = useRef(items)
  const lastFocused = useRef<string | undefined>(undefined)
  now.current = items
  const focus = useCallback(
    (index: number) => {
      const key = now.current[index]?.key
      if (key === undefined) return
      lastFocused.current = key
      view.scrollToIndex(index, { align: 'auto' })
      // The entry may only exist after the view scrolled to it.
      requestAnimationFrame(() => entryElement(key)?.focus({ preventScroll: true }))
    },
    [view]
  )
  const move = (by: number) => {
    const current = focusedEntry()?.dataset.entry
    const at = items.findIndex(item => item.key === current)
    const from = at >= 0 ? at : by > 0 ? firstVisible - 1 : items.length
    focus(Math.max(0, Math.min(items.length - 1, from + by)))
  }
  /** From the entry that has the focus, or had it last: a click on an entry counts. */
  const alike = (by: number) => {
    const current = items.findIndex(item => item.key === (focusedEntry()?.dataset.entry ?? lastFocused.current))
    const kind = kindOf(items[current])
    for (let i = current + by; kind !== null && i >= 0 && i < items.length; i += by) {
      if (kindOf(items[i]) === kind) return focus(i)
    }
  }
  const end = async () => {
    await jump()
    const waiting = now.current.findIndex(isWaiting)
    focus(waiting < 0 ? now.current.length - 1 : waiting)
  }
  useHotkeys([
    { keys: 'j', label: 'Next event', run: () => move(1) },
    { keys: 'k', label: 'Previous event', run: () => move(-1) },
    { keys: '[', label: 'Previous event of this kind', run: () => alike(-1) },
    { keys: ']', label: 'Next event of this kind', run: () => alike(1) },
    { keys: 'End', label: 'Latest event', run: () => void end() },
    { keys: 'Home', label: 'First event loaded', run: () => focus(0) },
    ...(items.some(isWaiting) ? answerKeys : [])
  ])
}

function kindOf(item: Item | undefined): string | null {
  if (item?.type === 'fold') return item.calls[0]?.use.toolKind ?? null
  if (item?.type !== 'row') return null
  return item.row.type === 'call' ? item.row.use.toolKind : item.row.type
}

export function isWaiting(item: Item): boolean {
  return item.type === 'row' && item.row.type === 'approval' && item.row.decision === null
}

/** They act only where the request itself has the focus. */
const answerKeys = [
  { keys: 'a', label: 'Allow once (request focused)', run: answerFocused },
  { keys: 'A', label: 'Always allow… (request focused)', run: answerFocused },
  { keys: 'e', label: 'Edit before allowing (request focused)', run: answerFocused },
  { keys: 'd', label: 'Deny (request focused)', run: answerFocused }
]

function answerFocused(event: KeyboardEvent): void {
  answerByKey(focusedEntry()?.querySelector<HTMLElement>('[data-request]') ?? null, event.key)
}

function focusedEntry(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>('[data-entry]') ?? null
}

function entryElement(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-entry="${CSS.escape(key)}"]`)
}

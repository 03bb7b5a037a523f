import { useCallback, useRef } from 'react'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { answerHotkeys } from '../../approvals/answer-keys.ts'
import { entryElement, focusedEntry, focusWhenDrawn } from './entry-focus.ts'
import { type Item, isSilent, requestIn } from './items.ts'
import type { Follow } from './use-follow.ts'
import type { StreamView } from './use-stream-view.ts'

interface Props {
  items: readonly Item[]
  view: StreamView
  /** Leads to the first event of the chain. */
  first: () => void
  jump: () => Promise<void>
  leadTo: Follow['leadTo']
}

/** J and K walk the entries, from what is in view; Home goes to the first event, End to the latest or to the request that waits. */
export function useEntryKeys({ items, view, first, jump, leadTo }: Props): void {
  const now = useRef(items)
  const lastFocused = useRef<string | undefined>(undefined)
  now.current = items
  const focus = useCallback(
    (index: number) => {
      const key = now.current[index]?.key
      if (key === undefined) return
      lastFocused.current = key
      if (!isInView(entryElement(key))) leadTo(key, 'auto')
      focusWhenDrawn(key)
    },
    [leadTo]
  )
  const move = (by: 1 | -1) => {
    const current = focusedEntry()?.dataset.entry
    const at = items.findIndex(item => item.key === current)
    const from = at >= 0 ? at + by : by > 0 ? nextBelow(view, items.length) : lastAbove(view)
    for (let i = from; i >= 0 && i < items.length; i += by) if (!isEmpty(items[i])) return focus(i)
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
    focus(waiting < 0 ? now.current.findLastIndex(item => !isEmpty(item)) : waiting)
  }
  useHotkeys([
    { keys: 'j', repeats: true, label: 'Next event', run: () => move(1) },
    { keys: 'k', repeats: true, label: 'Previous event', run: () => move(-1) },
    { keys: '[', repeats: true, label: 'Previous event of this kind', run: () => alike(-1) },
    { keys: ']', repeats: true, label: 'Next event of this kind', run: () => alike(1) },
    { keys: 'End', label: 'Latest event', run: () => void end() },
    { keys: 'Home', label: 'First event', run: first },
    ...(items.some(isWaiting) ? answerHotkeys(focusedRequest, () => void end()) : [])
  ])
}

function isInView(element: HTMLElement | null): boolean {
  const frame = element?.closest('[role="log"]')?.getBoundingClientRect()
  const box = element?.getBoundingClientRect()
  return frame !== undefined && box !== undefined && box.top >= frame.top && box.bottom <= frame.bottom
}

/** The first entry after those that are wholly in view; the last one where there is none. */
function nextBelow(view: StreamView, count: number): number {
  const top = view.scrollOffset ?? 0
  const bottom = top + (view.scrollRect?.height ?? 0)
  const below = view.getVirtualItems().find(({ start, end }) => start > top && end > bottom + 1)
  return below?.index ?? count - 1
}

/** The last entry that is not wholly in view above; the first one where there is none. */
function lastAbove(view: StreamView): number {
  const top = view.scrollOffset ?? 0
  return view.getVirtualItems().findLast(({ start }) => start < top)?.index ?? 0
}

/** What shows nothing takes no focus. */
function isEmpty(item: Item | undefined): boolean {
  return item?.type === 'now' && isSilent(item)
}

function isWaiting(item: Item): boolean {
  return requestIn(item) !== null
}

function kindOf(item: Item | undefined): string | null {
  if (item?.type === 'fold') return item.calls[0]?.use.toolKind ?? null
  if (item?.type !== 'row') return null
  return item.row.type === 'call' ? item.row.use.toolKind : item.row.type
}

/** Its keys act only where the request itself has the focus. */
function focusedRequest(): HTMLElement | null {
  return focusedEntry()?.querySelector<HTMLElement>('[data-request]') ?? null
}

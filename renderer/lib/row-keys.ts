import type { KeyboardEvent } from 'react'
import { focusRow } from './focus.ts'
import { useHotkeys } from './hotkeys.ts'
import { type RowShape, stepOf } from './row-steps.ts'

interface Rows extends RowShape {
  /** In their order. */
  ids: readonly string[]
  /** Those that are in the page; a long list draws only what is in view. */
  drawn: readonly string[]
  focused: string | null
  onFocus: (id: string) => void
  /** What a row shows, in the list of keys. */
  one: string
  /** What the id of a row's link begins with. */
  link: string
  /** Brings a row into view. */
  toIndex: (at: number) => void
  /** Without it Enter is not bound. */
  open?: (at: number) => void
}

/** One stop of the tab key in a list: arrows move inside it, and from anywhere J and K; Enter opens. */
export function useRowKeys({ ids, drawn, focused, onFocus, one, link, toIndex, open, ...shape }: Rows) {
  const at = focused === null ? -1 : ids.indexOf(focused)
  const move = (by: number) => {
    const next = Math.max(0, Math.min(ids.length - 1, at < 0 ? 0 : at + by))
    const id = ids[next]
    if (id === undefined) return
    onFocus(id)
    toIndex(next)
    focusRow(link + id)
  }
  useHotkeys([
    { keys: 'j', label: `Next ${one}`, repeats: true, run: () => move(1) },
    { keys: 'k', label: `Previous ${one}`, repeats: true, run: () => move(-1) },
    ...(open ? [{ keys: 'Enter', label: `Open ${one}`, run: () => at >= 0 && open(at) }] : [])
  ])
  return {
    /** Index of the row that has the focus, or had it last; -1: none. */
    at,
    move,
    /** The row that the tab key comes to. */
    stop: focused !== null && drawn.includes(focused) ? focused : (drawn[0] ?? null),
    onKeyDown: (event: KeyboardEvent) => {
      const by = stepOf(event.key, ids.length, shape)
      const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey
      if (by === undefined || modified || (event.target as HTMLElement).closest('[role="menu"]')) return
      event.preventDefault()
      move(by)
    }
  }
}

import type { KeyboardEvent } from 'react'
import { focusRow } from './focus.ts'
import { useHotkeys } from './hotkeys.ts'

interface Rows {
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
  /** Rows that PageUp and PageDown pass; without it they scroll. */
  page?: number
  /** Of a grid of cards; its arrows move beside, too. */
  columns?: number
}

/** How far a key leads in a list; undefined: nowhere. */
export function stepOf(key: string, length: number, { page, columns }: Pick<Rows, 'page' | 'columns'>) {
  const steps: Record<string, number | undefined> = {
    ArrowDown: columns ?? 1,
    ArrowUp: -(columns ?? 1),
    Home: -length,
    End: length,
    ...(page !== undefined && { PageDown: page, PageUp: -page }),
    ...(columns !== undefined && { ArrowRight: 1, ArrowLeft: -1 })
  }
  return steps[key]
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

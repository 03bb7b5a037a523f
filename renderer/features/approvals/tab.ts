import { useSearch } from 'wouter'

/** What the list shows: what waits, with what was decided just now, or all that was decided. */
export type Tab = 'waiting' | 'decided'

export function useTab(): Tab {
  return new URLSearchParams(useSearch()).get('tab') === 'decided' ? 'decided' : 'waiting'
}

/** Of a request, or of the list without one; the tab stays. */
export function addressOf(id?: string): string {
  const tab = new URLSearchParams(location.search).get('tab') === 'decided' ? '?tab=decided' : ''
  return (id === undefined ? '/approvals' : `/approvals/${id}`) + tab
}

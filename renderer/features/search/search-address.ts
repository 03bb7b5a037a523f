import { useLocation, useSearch } from 'wouter'
import type { SearchedKind } from '#contract/runs/search'
import { useMinute } from '../../lib/now.ts'
import type { SearchFilter } from '../../lib/query-keys.ts'

/** Kinds of events as a person calls them. */
export const kindGroups: readonly { id: string; title: string; kinds: readonly SearchedKind[] }[] = [
  { id: 'prompt', title: 'Prompts', kinds: ['user'] },
  { id: 'answer', title: 'Answers', kinds: ['assistant', 'result'] },
  { id: 'thought', title: 'Thoughts', kinds: ['thinking'] },
  { id: 'call', title: 'Tool calls', kinds: ['tool_use'] },
  { id: 'output', title: 'Output and edits', kinds: ['tool_result'] },
  { id: 'approval', title: 'Approvals', kinds: ['approval'] },
  { id: 'error', title: 'Errors', kinds: ['error'] },
  {
    id: 'not-thoughts',
    title: 'All but thoughts',
    kinds: ['user', 'assistant', 'tool_use', 'tool_result', 'approval', 'result', 'error', 'system']
  }
]

export const ranges = [
  { id: 'today', title: 'Today', days: 0 },
  { id: 'week', title: 'Last 7 days', days: 6 },
  { id: 'month', title: 'Last 30 days', days: 29 },
  { id: 'quarter', title: 'Last 90 days', days: 89 }
] as const

type Field = 'q' | 'agent' | 'kind' | 'when'

/** What is looked for, as it stands in the URL and as the API takes it. */
export function useSearchAddress() {
  useSearch()
  const params = new URLSearchParams(location.search)
  const [, navigate] = useLocation()
  const now = useMinute()
  const q = (params.get('q') ?? '').slice(0, 2000)
  const agent = (params.get('agent') ?? '').slice(0, 64)
  const kind = kindGroups.find(({ id }) => id === params.get('kind'))
  const range = ranges.find(({ id }) => id === params.get('when'))
  const go = (changed: Partial<Record<Field, string>>, replace = false) => {
    const after = new URLSearchParams(location.search)
    for (const [name, text] of Object.entries(changed)) {
      if (text === '') after.delete(name)
      else after.set(name, text)
    }
    navigate(`/search${after.size === 0 ? '' : `?${after}`}`, { replace })
  }
  const filter: SearchFilter = {
    q,
    ...(agent !== '' && { agentId: agent }),
    ...(kind && { kind: kind.kinds.join(',') }),
    ...(range && { after: startOfDay(now, range.days) })
  }
  return {
    filter,
    q,
    agent,
    kind: kind?.id ?? '',
    when: range?.id ?? '',
    filtered: agent !== '' || kind !== undefined || range !== undefined,
    go,
    clear: () => go({ agent: '', kind: '', when: '' })
  }
}

export type SearchAddress = ReturnType<typeof useSearchAddress>

/** When the first day of a range begins, where the reader is. */
function startOfDay(now: number, daysAgo: number): string {
  const today = new Date(now)
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - daysAgo).toISOString()
}

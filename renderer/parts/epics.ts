import { useQuery } from '@tanstack/react-query'
import { listEpics } from '#contract/work/tasks'
import { call } from '../lib/call.ts'
import { keys } from '../lib/query-keys.ts'

export function useEpics(enabled = true) {
  return useQuery({ queryKey: keys.epics, enabled, queryFn: ({ signal }) => call(listEpics, { signal }) })
}

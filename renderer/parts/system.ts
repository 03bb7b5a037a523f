import { useQuery } from '@tanstack/react-query'
import { getSystem } from '#contract/system'
import { call } from '../lib/call.ts'
import { keys } from '../lib/query-keys.ts'

/** Changes bring the counts up to date; a data folder that can no longer be written makes none, so it is asked for too. */
const askEveryMs = 30_000

export function useSystem() {
  return useQuery({
    queryKey: keys.system,
    queryFn: ({ signal }) => call(getSystem, { signal }),
    refetchInterval: askEveryMs
  })
}

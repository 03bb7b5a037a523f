import { useQuery } from '@tanstack/react-query'
import { getMe, type Me } from '#contract/people/session'
import { call } from '../lib/call.ts'
import { keys } from '../lib/query-keys.ts'

/** Whether who is signed in may do what needs this scope; undefined until that is known. */
export function useMay(scope: Me['scopes'][number]): boolean | undefined {
  const { data: me } = useQuery({ queryKey: keys.me, queryFn: ({ signal }) => call(getMe, { signal }) })
  return me?.scopes.includes(scope)
}

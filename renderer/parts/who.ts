import { useQuery } from '@tanstack/react-query'
import { getMe } from '#contract/people/session'
import { call } from '../lib/call.ts'
import { keys } from '../lib/query-keys.ts'

/** How a person is named to the one who reads: oneself is "you". */
export function useWho(): (name: string) => string {
  const { data: me } = useQuery({ queryKey: keys.me, queryFn: ({ signal }) => call(getMe, { signal }) })
  return name => (name === me?.name ? 'you' : name)
}

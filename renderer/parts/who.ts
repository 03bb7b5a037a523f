import { useQuery } from '@tanstack/react-query'
import type { KeyScope } from '#contract/people/keys'
import { getMe, type Me } from '#contract/people/login'
import { call } from '../lib/call.ts'
import { keys } from '../lib/query-keys.ts'

/** Who is signed in; undefined until that is known. */
export function useMe(): Me | undefined {
  return useQuery({ queryKey: keys.me, queryFn: ({ signal }) => call(getMe, { signal }) }).data
}

/** Whether the one who reads may also do; true until that is known, since the server decides anyhow. */
export function useMay(scope: KeyScope): boolean {
  return useMe()?.scopes.includes(scope) ?? true
}

/** How a person is named to the one who reads: oneself is "you". */
export function useWho(): (name: string) => string {
  const me = useMe()
  return name => (name === me?.name ? 'you' : name)
}

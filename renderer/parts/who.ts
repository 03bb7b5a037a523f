import { useQuery } from '@tanstack/react-query'
import type { Scope } from '#contract/endpoint'
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

/** The same for what an endpoint asks for. */
export function useAllows(): (scope: Scope) => boolean {
  const scopes = useMe()?.scopes
  return scope => scope === 'public' || scope === 'self' || (scopes?.includes(scope) ?? true)
}

/** How a person is named to the one who reads: oneself is "you". */
export function useWho(): (name: string) => string {
  const me = useMe()
  return name => (name === me?.name ? 'you' : name)
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { Unreachable } from '#contract/client'
import { getMe } from '#contract/people/login'
import { call, isSignedOut, wordsOf } from '../../lib/call.ts'
import { startLive } from '../../lib/live.ts'
import type { Nouns } from '../../lib/nouns.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/notice.tsx'
import { SignInPage } from './sign-in-page.tsx'

/** Shows the app to who is signed in. Any request that is refused for want of a login leads back here. */
export function SignedIn({ nouns, children }: { nouns: Nouns; children: ReactNode }) {
  const queries = useQueryClient()
  const me = useQuery({ queryKey: keys.me, queryFn: ({ signal }) => call(getMe, { signal }) })
  const signedOut = isSignedOut(me.error)
  const signedIn = me.data !== undefined && !signedOut

  const lastChange = useRef(0)
  lastChange.current = me.data?.lastChange ?? 0
  useEffect(() => {
    if (signedIn) return startLive(queries, nouns, lastChange.current)
  }, [signedIn, queries, nouns])

  useEffect(() => {
    // Nobody keeps it true any more, and whoever signs in next may be somebody else.
    if (signedOut) queries.removeQueries({ predicate: ({ queryKey }) => queryKey !== keys.me })
  }, [signedOut, queries])

  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ type, query }) => {
        const refused = type === 'updated' && query.queryKey !== keys.me && isSignedOut(query.state.error)
        if (refused) void queries.invalidateQueries({ queryKey: keys.me })
      }),
    [queries]
  )

  if (signedOut) return <SignInPage />
  if (signedIn) return children
  if (me.error) {
    return (
      <Problem
        title={me.error instanceof Unreachable ? 'Flotilla does not answer' : 'Flotilla could not start here'}
        action={
          <Button small onClick={() => void me.refetch()}>
            Try again
          </Button>
        }
      >
        {wordsOf(me.error)} Agents that were working keep working.
      </Problem>
    )
  }
  return null
}

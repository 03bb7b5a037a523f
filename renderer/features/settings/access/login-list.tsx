import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Globe, MonitorSmartphone, SquareTerminal } from 'lucide-react'
import { deleteSession, type Login, listSessions } from '#contract/people/login'
import { call, wordsOf } from '../../../lib/call.ts'
import { keys } from '../../../lib/query-keys.ts'
import { Ago } from '../../../ui/ago.tsx'
import { Button } from '../../../ui/button.tsx'
import { SkeletonRows } from '../../../ui/notice.tsx'
import { Said } from '../../../ui/said.tsx'
import { toastFailure } from '../../../ui/toast.tsx'
import styles from './access.module.css'
import { clientWords } from './client-words.ts'

/** Logins of a person, ended at once. `userId` null: one's own. */
export function LoginList({ userId }: { userId: string | null }) {
  const queries = useQueryClient()
  const list = useQuery({
    queryKey: keys.logins(userId),
    queryFn: ({ signal }) => call(listSessions, { query: userId === null ? {} : { userId }, signal })
  })
  const end = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await call(deleteSession, { params: { id } })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keys.logins(userId) }),
    onError: toastFailure
  })
  if (list.error && !list.data)
    return (
      <>
        <p role="alert">The logins could not be listed: {wordsOf(list.error)}</p>
        <Button small onClick={() => void list.refetch()}>
          Try again
        </Button>
      </>
    )
  if (!list.data) return <SkeletonRows height={44} rows={2} />
  const all = list.data.data
  const others = all.filter(({ current }) => !current).map(({ id }) => id)
  if (all.length === 0) return <p>Nowhere.</p>
  return (
    <>
      <ul className={styles.logins} aria-label="Logins">
        {all.map(login => (
          <Row key={login.id} login={login} busy={end.isPending} onEnd={() => end.mutate([login.id])} />
        ))}
      </ul>
      {others.length > 1 && (
        <Button disabled={end.isPending} onClick={() => end.mutate(others)}>
          {others.length === all.length ? 'End all' : 'End all but this one'}
        </Button>
      )}
    </>
  )
}

function Row({ login, busy, onEnd }: { login: Login; busy: boolean; onEnd: () => void }) {
  const { kind, face, client, ip, current, lastUsedAt } = login
  const words = kind === 'token' ? `Token for ${face}` : clientWords(client)
  const Icon = kind === 'token' ? SquareTerminal : /iPhone|Android/.test(client) ? MonitorSmartphone : Globe
  return (
    <li>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <div>
        <b>
          <Said>{words}</Said>
        </b>
        <p className={styles.note}>
          <Said>{ip}</Said>, used <Ago ts={lastUsedAt} ago />
        </p>
      </div>
      {current ? (
        <span className={styles.note}>you are here</span>
      ) : (
        <Button small disabled={busy} aria-label={`End ${words}, ${ip}`} onClick={onEnd}>
          End
        </Button>
      )}
    </li>
  )
}

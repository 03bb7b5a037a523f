import { useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { deleteKey, type Key, listKeys } from '#contract/people/keys'
import { call, wordsOf } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'
import { isolated } from '../../lib/visible.ts'
import { useMe } from '../../parts/who.ts'
import { Ago } from '../../ui/ago.tsx'
import { Button } from '../../ui/button.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Empty, Problem, SkeletonRows } from '../../ui/notice.tsx'
import { type Column, Records } from '../../ui/records.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './api.module.css'
import { Ends } from './ends.tsx'

/** Keys, never their values. Admins see those of everybody. */
export function KeyList() {
  const me = useMe()
  const list = useQuery({ queryKey: keys.apiKeys, queryFn: ({ signal }) => call(listKeys, { signal }) })
  const [revoked, setRevoked] = useState<Key | null>(null)
  const all = list.data?.data
  const again = (
    <Button small onClick={() => void list.refetch()}>
      Try again
    </Button>
  )
  const isOthers = (key: Key) => me !== undefined && key.userId !== me.user.id
  return (
    <section aria-labelledby="keys">
      <h2 id="keys" className={styles.heading}>
        Keys
      </h2>
      <p className={styles.words}>
        A key opens every base URL, as the person who made it and never further. It is shown once, when it is made.
      </p>
      {list.error && !all && (
        <Problem title="The keys could not be listed" action={again}>
          {wordsOf(list.error)}
        </Problem>
      )}
      {!all && !list.error && <SkeletonRows height={40} rows={3} />}
      {all?.length === 0 && (
        <Empty icon={KeyRound} title="No keys yet">
          A program of yours needs one to speak to Flotilla.
        </Empty>
      )}
      {all && all.length > 0 && (
        <Records label="API keys" items={all} keyOf={key => key.id} columns={columnsOf(isOthers, setRevoked)} />
      )}
      {revoked && <RevokeKey revoked={revoked} onClose={() => setRevoked(null)} />}
    </section>
  )
}

function columnsOf(isOthers: (key: Key) => boolean, onRevoke: (key: Key) => void): readonly Column<Key>[] {
  return [
    {
      title: 'Name',
      width: 'minmax(0, 1.6fr)',
      cell: key => (
        <>
          <b>
            <Said>{key.name}</Said>
          </b>
          {isOthers(key) && <span className={styles.whose}>of another person</span>}
        </>
      )
    },
    { title: 'Key', width: 'minmax(0, 1fr)', cell: ({ prefix }) => <code>{prefix}…</code> },
    { title: 'May', width: 'minmax(0, 1fr)', cell: ({ scopes }) => scopes.join(', ') },
    {
      title: 'Last used',
      width: '96px',
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : <Ago ts={lastUsedAt} ago />)
    },
    { title: 'Ends', width: '120px', cell: ({ expiresAt }) => <Ends at={expiresAt} /> },
    {
      title: '',
      width: '84px',
      cell: key => (
        <Button small look="danger" aria-label={`Revoke ${isolated(key.name)}`} onClick={() => onRevoke(key)}>
          Revoke
        </Button>
      )
    }
  ]
}

function RevokeKey({ revoked, onClose }: { revoked: Key; onClose: () => void }) {
  const queries = useQueryClient()
  return (
    <FormDialog
      title={`Revoke ${isolated(revoked.name)}?`}
      action="Revoke"
      danger
      onSubmit={async () => {
        await call(deleteKey, { params: { id: revoked.id } })
        await queries.invalidateQueries({ queryKey: keys.apiKeys })
      }}
      onClose={onClose}
    >
      <p>The very next request with it is refused, and what it streams ends. This cannot be undone.</p>
    </FormDialog>
  )
}

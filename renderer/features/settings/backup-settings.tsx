import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Backup, cancelRestore, deleteBackup, listBackups, makeBackup, restoreBackup } from '#contract/data'
import { call, wordsOf } from '../../lib/call.ts'
import { bytes, exactTime } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { Ago } from '../../ui/ago.tsx'
import { Button } from '../../ui/button.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Problem } from '../../ui/notice.tsx'
import { toastFailure } from '../../ui/toast.tsx'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'

type Asked = { what: 'restore' | 'delete'; backup: Backup }

/** Copies of the database: made, put back, deleted. */
export function BackupSettings({ restore }: { restore: string | null }) {
  const queries = useQueryClient()
  const [asked, setAsked] = useState<Asked | null>(null)
  const backups = useQuery({ queryKey: keys.backups, queryFn: ({ signal }) => call(listBackups, { signal }) })
  const again = () =>
    Promise.all([keys.data, keys.backups].map(queryKey => queries.invalidateQueries({ queryKey, exact: true })))
  const make = useMutation({ mutationFn: () => call(makeBackup, {}), onSuccess: again, onError: toastFailure })
  return (
    <Setting
      title="Backups"
      note="Copies of the database, made while everything goes on. Secrets in them open only with the data key of this installation; private folders are not in them."
    >
      {restore !== null && <Pending name={restore} backups={backups.data?.data} onCancelled={again} />}
      <Button disabled={make.isPending} onClick={() => make.mutate()}>
        {make.isPending ? 'Making a backup' : 'Make a backup now'}
      </Button>
      {backups.error && !backups.data && (
        <Problem title="The backups could not be listed">{wordsOf(backups.error)}</Problem>
      )}
      {backups.data && (
        <ul className={styles.copies} aria-label="Backups">
          {backups.data.data.map(backup => (
            <Row key={backup.name} backup={backup} wished={backup.name === restore} onAsk={setAsked} />
          ))}
          {backups.data.data.length === 0 && <li className={styles.note}>There is no backup yet.</li>}
        </ul>
      )}
      {asked && <Ask asked={asked} onDone={again} onClose={() => setAsked(null)} />}
    </Setting>
  )
}

interface RowProps {
  backup: Backup
  wished: boolean
  onAsk: (asked: Asked) => void
}

function Row({ backup, wished, onAsk }: RowProps) {
  return (
    <li>
      <div>
        <b>
          <Ago ts={backup.createdAt} ago />
        </b>{' '}
        {bytes(backup.bytes)}
        {backup.schema === null && <b> cannot be read</b>}
        <p className={styles.note}>{backup.name}</p>
      </div>
      {backup.schema !== null && !wished && (
        <Button small onClick={() => onAsk({ what: 'restore', backup })}>
          Put back
        </Button>
      )}
      <Button small look="danger" onClick={() => onAsk({ what: 'delete', backup })}>
        Delete
      </Button>
    </li>
  )
}

/** It waits for a start; until then one can think better of it. */
function Pending(props: { name: string; backups: readonly Backup[] | undefined; onCancelled: () => Promise<unknown> }) {
  const { name, backups, onCancelled } = props
  const backup = backups?.find(one => one.name === name)
  const cancel = useMutation({
    mutationFn: () => call(cancelRestore, {}),
    onSuccess: onCancelled,
    onError: toastFailure
  })
  return (
    <div className={styles.pending} role="status">
      <h3>
        <Glyph tone="waiting" />A backup is put back at the next start
      </h3>
      <p>
        {backup ? `Flotilla then stands as on ${exactTime(backup.createdAt)}` : `It is ${name}`}. Quit Flotilla and
        start it again to do it.
      </p>
      <div>
        <Button small disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          Do not put it back
        </Button>
      </div>
    </div>
  )
}

function Ask({ asked, onDone, onClose }: { asked: Asked; onDone: () => Promise<unknown>; onClose: () => void }) {
  const { name, createdAt } = asked.backup
  const isRestore = asked.what === 'restore'
  const act = isRestore ? () => call(restoreBackup, { body: { name } }) : () => call(deleteBackup, { params: { name } })
  return (
    <FormDialog
      title={isRestore ? 'Put this backup back at the next start?' : 'Delete this backup?'}
      action={isRestore ? 'Put back at the next start' : 'Delete'}
      danger
      onSubmit={async () => {
        await act()
        await onDone()
      }}
      onClose={onClose}
    >
      {isRestore ? (
        <>
          <p>It was made on {exactTime(createdAt)}.</p>
          <ul>
            <li>Nothing changes until Flotilla is started again.</li>
            <li>Runs, messages, keys, people and settings made since then are not in it.</li>
            <li>The database of that moment is kept among the backups, so this can be undone.</li>
            <li>Files in folders stay as they are.</li>
          </ul>
        </>
      ) : (
        <p>{name} is removed from the disk. This cannot be undone.</p>
      )}
    </FormDialog>
  )
}

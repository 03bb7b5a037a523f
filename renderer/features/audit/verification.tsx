import { Link } from 'wouter'
import { wordsOf } from '../../lib/call.ts'
import { count, timeOfDay } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Status } from '../../ui/glyph.tsx'
import styles from './audit.module.css'
import type { AuditAddress } from './audit-address.ts'
import type { useVerification } from './queries.ts'

interface Props {
  check: ReturnType<typeof useVerification>
  address: AuditAddress
}

/** What came of checking the chain: the first entry that is wrong, or that all are in order. */
export function Verification({ check: { data, error, isPending, mutate, reset }, address }: Props) {
  if (!data && !error && !isPending) return null
  return (
    <div className={styles.verdict} role="status">
      {isPending && <Status tone="running">Every entry is read and its place in the chain computed</Status>}
      {error && (
        <>
          <Status tone="failed">The log could not be checked</Status>
          <span>{wordsOf(error)}</span>
        </>
      )}
      {data?.ok && (
        <>
          <Status tone="done">Untouched</Status>
          <span>
            {count(data.checked, 'entry', 'entries')} in order, up to the sealed end. Checked at {timeOfDay(data.at)}.
          </span>
        </>
      )}
      {data?.fault && (
        <>
          <Status tone="failed">Tampered with</Status>
          <span>
            {data.fault.message}. {count(data.checked, 'entry', 'entries')} of {data.entries.toLocaleString('en-US')}{' '}
            are in order. Keep the file as it is, and compare it with a copy.
          </span>
          {data.fault.seq !== null && data.fault.kind !== 'removed' && data.fault.kind !== 'cut' && (
            <Link href={address.with({ entry: String(data.fault.seq) })}>Open entry {data.fault.seq}</Link>
          )}
        </>
      )}
      {!isPending && (
        <span className={styles.verdictActions}>
          {error && (
            <Button small onClick={() => mutate()}>
              Try again
            </Button>
          )}
          <Button small look="ghost" onClick={reset}>
            Close
          </Button>
        </span>
      )}
    </div>
  )
}

import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { NamedAuditEntry } from '#contract/audit/audit'
import { wordsOf } from '../../lib/call.ts'
import { exactTime } from '../../lib/format.ts'
import { useAgentsById } from '../../parts/agents.ts'
import { useWho } from '../../parts/who.ts'
import { Button, classOf } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Status } from '../../ui/glyph.tsx'
import { Problem, SkeletonRows } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import styles from './audit.module.css'
import type { AuditAddress } from './audit-address.ts'
import {
  differencesOf,
  fieldWords,
  isBad,
  targetAddress,
  targetWords,
  throughWords,
  valueWords
} from './audit-words.ts'
import { useAuditEntry } from './queries.ts'

interface Props {
  seq: number
  /** As the list has it. */
  known: NamedAuditEntry | undefined
  address: AuditAddress
  onClose: () => void
}

/** All of one entry: who and what, before and after, and its place in the chain. */
export function AuditEntryPanel({ seq, known, address, onClose }: Props) {
  const { data: entry, error, refetch } = useAuditEntry(seq, known)
  return (
    <Panel label="Entry" title={`Entry ${seq.toLocaleString('en-US')}`} onClose={onClose}>
      {error && !entry && (
        <Problem
          title="The entry could not be read"
          action={
            <Button small onClick={() => void refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)}
        </Problem>
      )}
      {!entry && !error && <SkeletonRows rows={5} height={32} />}
      {entry && <Whole entry={entry} address={address} />}
    </Panel>
  )
}

function Whole({ entry, address }: { entry: NamedAuditEntry; address: AuditAddress }) {
  const { actor, target, targetName, ...rest } = entry
  const who = useWho()
  const agent = useAgentsById([entry.agentId]).get(entry.agentId ?? '')
  const page = targetAddress(entry)
  return (
    <>
      <p className={styles.headline}>
        {isBad(entry) && <Status tone="failed">{entry.outcome === 'refused' ? 'Refused' : 'Failed'}</Status>}
        <code>{entry.action}</code>
      </p>
      <dl className={styles.facts}>
        <Fact name="When">
          <time dateTime={entry.ts}>{exactTime(entry.ts)}</time>
        </Fact>
        <Fact name="Who">
          <Said>{who(actor.name)}</Said>, through {throughWords[actor.kind]}
          {actor.ip !== null && ` from ${actor.ip}`}
        </Fact>
        <Fact name="By">
          <code>{actor.via}</code>
        </Fact>
        <Fact name="On">
          {page === null ? <Said>{targetWords(entry)}</Said> : <Link href={page}>{targetWords(entry)}</Link>}
        </Fact>
        {entry.agentId !== null && target.type !== 'agent' && (
          <Fact name="Agent">
            {agent ? (
              <Link href={`/fleet/${agent.id}`}>
                <Said>{agent.name}</Said>
              </Link>
            ) : (
              <code>{entry.agentId}</code>
            )}
          </Fact>
        )}
      </dl>
      <div className={styles.links}>
        <Link className={classOf('default', true)} href={address.with({ on: target.id, entry: null })}>
          All on this {target.type.replaceAll('-', ' ')}
        </Link>
        <Link className={classOf('default', true)} href={address.with({ actor: actor.name, entry: null })}>
          All by {who(actor.name)}
        </Link>
      </div>
      <Changes entry={entry} />
      <Copyable label="the entry as JSON" text={JSON.stringify({ ...rest, actor, target }, null, 2)} />
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Changes({ entry }: { entry: NamedAuditEntry }) {
  const differences = differencesOf(entry)
  if (differences.length === 0) return <p className={styles.quiet}>Nothing else is kept of it.</p>
  return (
    <table className={styles.differences}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{fieldWords(field)}</th>
            <td>{entry.before === null ? '–' : <Said>{valueWords(before)}</Said>}</td>
            <td>{entry.after === null ? '–' : <Said>{valueWords(after)}</Said>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

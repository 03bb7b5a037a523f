import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ArrowRightLeft, KeyRound, type LucideIcon, Package, Plug, Settings2, ShieldOff, Webhook } from 'lucide-react'
import { useMemo } from 'react'
import { type Approval, withdrawTrust } from '#contract/runs/approvals'
import type { SettingsAct, TrustRequest } from '#contract/runs/trust'
import { applyApproval } from '../../../lib/apply-change.ts'
import { call, wordsOf } from '../../../lib/call.ts'
import { count, dateAndTime } from '../../../lib/format.ts'
import { visible } from '../../../lib/visible.ts'
import { Button } from '../../../ui/button.tsx'
import { hunksOf } from '../../diff/diff-lines.ts'
import { DiffView } from '../../diff/diff-view.tsx'
import styles from './trust.module.css'
import {
  type ComparedAct,
  type ComparedFile,
  comparedActs,
  comparedFiles,
  networkWords,
  sumOf,
  trustOf
} from './trust.ts'

const icons: Record<SettingsAct['kind'], LucideIcon> = {
  hook: Webhook,
  request: ArrowRightLeft,
  mcp: Plug,
  permission: ShieldOff,
  helper: KeyRound,
  plugin: Package,
  other: Settings2
}

/** Settings that lie in a folder: what each would do, then all that is trusted, against what was trusted before. */
export function TrustBody({ approval }: { approval: Approval }) {
  const request = useMemo(() => trustOf(approval), [approval])
  if (!request) return <p>The runner did not say what it found. Go on without it.</p>
  const compared = comparedActs(request)
  return (
    <div className={styles.body}>
      <p className={styles.sum}>{sentences(request, compared, approval.status)}</p>
      <ul className={styles.acts}>
        {compared.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same act may stand twice; the list never moves
          <Act key={at} compared={one} known={request.before !== null} />
        ))}
      </ul>
      <h3 className={styles.label}>
        {request.before ? 'Against what was trusted before' : 'All that is trusted'}
        <span>
          content <code title={request.content}>{`${request.content.slice(0, 4)}…${request.content.slice(-4)}`}</code>
        </span>
      </h3>
      <div className={styles.files}>
        {comparedFiles(request).map(file => (
          <File key={file.path} file={file} />
        ))}
      </div>
      <dl className={styles.facts}>
        <Fact name="Runs as" value="Whoever runs the runner, outside of what the agent may do" />
        <Fact name="Network" value={networkWords(request.acts)} />
        <Fact name="Undo" value="Withdraw any time; what ran stays" />
      </dl>
      {(approval.status === 'approved' || approval.status === 'denied') && <Withdraw approval={approval} />}
    </div>
  )
}

function sentences({ before }: TrustRequest, compared: readonly ComparedAct[], status: Approval['status']): string {
  const sum = sumOf(compared)
  const since = before
    ? `${before.decidedBy} trusted this folder on ${dateAndTime(before.decidedAt)}. ${sum === '' ? 'A file of it changed since.' : `Since then ${sum}.`}`
    : 'Nobody trusted this folder before.'
  return status === 'pending' ? `${since} Nothing of it has run yet.` : since
}

function Act({ compared: { act, state, was }, known }: { compared: ComparedAct; known: boolean }) {
  const Icon = icons[act.kind]
  return (
    <li data-state={state}>
      <Icon size={14} aria-hidden />
      <b>{visible(act.title)}</b>
      <span className={styles.where}>
        {known && `${state} · `}
        {visible(act.path)}, line {act.line}
      </span>
      <code>{visible(act.detail)}</code>
      {was !== null && (
        <span className={styles.was}>
          Before: <code>{visible(was)}</code>
        </span>
      )}
    </li>
  )
}

function File({ file: { path, before, after, changed } }: { file: ComparedFile }) {
  const hunks = useMemo(
    () => (changed && after !== null ? hunksOf(visible(before), visible(after)) : []),
    [before, after, changed]
  )
  return (
    <section aria-label={path}>
      <h4>{visible(path)}</h4>
      {after === null ? (
        <p>It is no text, or too long to be shown. It counts all the same.</p>
      ) : changed ? (
        <DiffView hunks={hunks} label={path} />
      ) : (
        <p>{count(after.split('\n').length, 'line')} as before</p>
      )}
    </section>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** Decided is not for ever. */
function Withdraw({ approval }: { approval: Approval }) {
  const queries = useQueryClient()
  const withdraw = useMutation({
    mutationFn: () => call(withdrawTrust, { params: { id: approval.id } }),
    onSuccess: changed => applyApproval(queries, changed)
  })
  if (withdraw.isSuccess) return <p role="status">Forgotten. The next run in this folder asks again.</p>
  return (
    <div>
      <Button small disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
        {approval.status === 'approved' ? 'Withdraw trust' : 'Ask again next time'}
      </Button>
      {withdraw.isError && <p role="alert">{wordsOf(withdraw.error)}</p>}
    </div>
  )
}

import { FileDiff, Flag } from 'lucide-react'
import { useLocation } from 'wouter'
import type { Run } from '#contract/runs/runs'
import {
  count,
  duration,
  exactMoney,
  exactTokens,
  headlineTokens,
  money,
  shortTimeOfDay,
  titleOf,
  totalTokens
} from '../../../lib/format.ts'
import { useNarrow } from '../../../lib/narrow.ts'
import { Button } from '../../../ui/button.tsx'
import { Status } from '../../../ui/glyph.tsx'
import { Said } from '../../../ui/said.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
import { ChangedFiles, ChangedSum, useChangedFiles, useChanges } from '../../changed-files.tsx'
import { RunGlyph, runTone, statusWord } from '../../run-status.tsx'
import { endOfRun } from '../../runs.ts'
import { useMay } from '../../who.ts'
import { type Item, isSilent } from '../stream/items.ts'
import styles from './edge-entries.module.css'
import { Entry } from './entry.tsx'

const origins: Record<Run['trigger'], string> = {
  manual: 'started',
  agent: 'next work',
  task: 'next task',
  flow: 'next run of a flow',
  followup: 'follow-up',
  fork: 'fork',
  retry: 'run again'
}

/** Where one run of the chain ends and the next begins. */
export function DividerEntry({ item: { key, run } }: { item: Extract<Item, { type: 'divider' }> }) {
  return (
    <div className={styles.divider} data-entry={key} tabIndex={-1}>
      <RunGlyph run={run} />
      <h2 className="truncate">
        #{run.number} {titleOf(run)}
      </h2>
      <span className={styles.origin}>
        {origins[run.trigger]}, <time dateTime={run.createdAt}>{shortTimeOfDay(run.createdAt)}</time>
      </span>
      <i aria-hidden />
    </div>
  )
}

/** What a live run does when no event says so: waiting in the queue, for the model, or working silently. */
export function NowEntry({ item }: { item: Extract<Item, { type: 'now' }> }) {
  const { key, run } = item
  if (isSilent(item)) return <div data-entry={key} />
  const words = run.statusReason ?? fallback[run.status] ?? 'Working'
  return (
    <Entry entry={key} ts={null} name={`${statusWord(run)}: ${words}`}>
      <div className={styles.now}>
        <Status tone={runTone(run.status)}>
          <Said>{words}</Said>
        </Status>
        <span>
          <Ticking from={run.statusSince} />
        </span>
      </div>
    </Entry>
  )
}

const fallback: Partial<Record<Run['status'], string>> = {
  QUEUED: 'Queued until a runner takes it',
  CLAIMED: 'A runner took it and starts the agent',
  RUNNING: 'Working',
  WAITING: 'Waiting for you'
}

/** Where the word alone leaves open how it goes on. */
const next: Partial<Record<Run['status'], string>> = {
  LOST: 'If its runner comes back and the agent still works, the run goes on here.',
  TIMED_OUT: 'A follow-up goes on from here, with the same limit.'
}

export function EndEntry({ item: { key, run } }: { item: Extract<Item, { type: 'end' }> }) {
  const used = totalTokens(run.usage)
  const files = useChangedFiles(run, endOfRun).length
  const narrow = useNarrow()
  const took =
    run.durationMs === null
      ? ''
      : run.status === 'SUCCEEDED'
        ? ` in ${duration(run.durationMs)}`
        : ` after ${duration(run.durationMs)}`
  const why = run.error?.message ?? run.statusReason
  return (
    <Entry entry={key} ts={run.endedAt} icon={Flag} name={`${statusWord(run)}${took}`}>
      <div className={styles.end}>
        <div className={styles.endLine}>
          <Status tone={runTone(run.status)}>
            {statusWord(run)}
            {took}
          </Status>
          <span className={styles.sums}>
            {run.costUsd !== null && run.costUsd > 0 && (
              <span title={exactMoney(run.costUsd)}>{money(run.costUsd)}</span>
            )}
            {used > 0 && <span title={exactTokens(run.usage)}>{headlineTokens(used)} tokens</span>}
            {files > 0 && <span>{count(files, 'file')}</span>}
          </span>
        </div>
        {why && (
          <p className={styles.why}>
            <Said>{why}</Said>
          </p>
        )}
        {next[run.status] && <p className={styles.why}>{next[run.status]}</p>}
        {run.error?.code && <p className={styles.code}>{run.error.code}</p>}
        {narrow && files > 0 && <EndFiles run={run} />}
      </div>
    </Entry>
  )
}

/** Where there is no room for the facts beside the stream, what was changed stands at its end. */
function EndFiles({ run }: { run: Run }) {
  const changes = useChanges(run, endOfRun)
  const may = useMay('write')
  const files = changes?.data ?? []
  const [, navigate] = useLocation()
  const open = (path: string) => navigate(`/runs/${run.id}?${new URLSearchParams({ file: path })}`)
  const [first] = files
  return (
    <section className={styles.files} aria-label="Changed files">
      <h3>
        Changed files
        <span>
          <ChangedSum files={files} />
        </span>
      </h3>
      <ChangedFiles run={run} results={endOfRun} onOpen={open} />
      {first && (
        <Button
          look="primary"
          icon={FileDiff}
          onClick={() => (changes?.root == null || !may ? open(first.path) : navigate(`/runs/${run.id}/review`))}
        >
          Review changes
        </Button>
      )}
    </section>
  )
}

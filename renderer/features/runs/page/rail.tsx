import { Copy, FileDiff, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link } from 'wouter'
import type { RunChanges } from '#contract/runs/changed-files'
import { isEnded, type Run } from '#contract/runs/runs'
import { copy } from '../../../lib/clipboard.ts'
import {
  dateAndTime,
  duration,
  exactMoney,
  exactTime,
  exactTokens,
  folderName,
  headlineTokens,
  spent,
  tokens,
  totalTokens
} from '../../../lib/format.ts'
import { useNow } from '../../../lib/now.ts'
import { visible } from '../../../lib/visible.ts'
import { ChangedFiles, ChangedSum, useChanges } from '../../../parts/changed-files.tsx'
import { permissionNote, permissionWords } from '../../../parts/permission-words.ts'
import { placeOf } from '../../../parts/place.ts'
import { runFolder } from '../../../parts/run-folder.ts'
import type { Row } from '../../../parts/run-stream/stream/rows.ts'
import { TimeSums } from '../../../parts/run-stream/timeline/run-ribbon.tsx'
import { reportOf, runnerWord, useRunners } from '../../../parts/runners.ts'
import { useMay } from '../../../parts/who.ts'
import { Content, classOf, IconButton } from '../../../ui/button.tsx'
import { Meter } from '../../../ui/meter.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
import { toast } from '../../../ui/toast.tsx'
import { Daemons } from './daemons.tsx'
import styles from './rail.module.css'

interface Props {
  run: Run
  parent: Run | undefined
  rows: readonly Row[]
  /** How many results of tools the page saw. */
  results: number
  /** Over the page, where there is no room beside it. */
  opened: boolean
  onOpenFile: (path: string) => void
  onClose: () => void
}

/** The facts of a run: what it cost, where and how it works, what it changed. */
export function Rail({ run, parent, rows, results, opened, onOpenFile, onClose }: Props) {
  const rail = useDrawer(opened)
  return (
    <aside
      ref={rail}
      className={styles.rail}
      aria-label="Run facts"
      tabIndex={-1}
      onKeyDown={event => event.key === 'Escape' && onClose()}
    >
      <div className={styles.close}>
        <IconButton icon={X} label="Close run facts" onClick={onClose} />
      </div>
      <Headline run={run} />
      <Facts run={run} parent={parent} />
      <Context run={run} />
      {rows.length > 0 && (
        <section className={styles.part}>
          <h2>Where the time went</h2>
          <TimeSums run={run} rows={rows} />
        </section>
      )}
      <Daemons run={run} />
      <Files run={run} results={results} onOpenFile={onOpenFile} />
    </aside>
  )
}

/** Over the page it takes the focus, and gives it back to what opened it. On a wide page the same key hides it. */
function useDrawer(opened: boolean) {
  const ref = useRef<HTMLElement>(null)
  useEffect(() => {
    const rail = ref.current
    if (!opened || !rail || getComputedStyle(rail).position !== 'fixed') return
    const opener = document.activeElement
    rail.focus()
    return () => {
      if (
        opener instanceof HTMLElement &&
        (rail.contains(document.activeElement) || document.activeElement === document.body)
      )
        opener.focus()
    }
  }, [opened])
  return ref
}

/** The facts in one line: agent's time, money and tokens. */
export function RunFactsLine({ run }: { run: Run }) {
  const report = reportOf(useRunners().data?.data, run.runtime, run.runnerId)
  const used = totalTokens(run.usage)
  return (
    <>
      {report?.title ?? run.runtime}
      {' · '}
      {run.durationMs !== null ? (
        duration(run.durationMs)
      ) : run.startedAt ? (
        <Ticking from={run.startedAt} />
      ) : (
        'not started'
      )}
      {run.costUsd !== null && run.costUsd > 0 && ` · ${spent(run)}`}
      {used > 0 && ` · ${headlineTokens(used)} tokens`}
    </>
  )
}

function Headline({ run }: { run: Run }) {
  const used = totalTokens(run.usage)
  const elapsed =
    run.durationMs !== null ? duration(run.durationMs) : run.startedAt ? <Ticking from={run.startedAt} /> : '–'
  return (
    <section className={`${styles.part} ${styles.big}`} aria-label="Totals">
      <div>
        <b>{elapsed}</b>elapsed
      </div>
      <div title={exactMoney(run.costUsd)}>
        <b>{spent(run)}</b>this run
      </div>
      <div title={exactTokens(run.usage)}>
        <b>{used > 0 ? headlineTokens(used) : '–'}</b>tokens
      </div>
    </section>
  )
}

function Facts({ run, parent }: { run: Run; parent: Run | undefined }) {
  const runners = useRunners().data?.data
  const report = reportOf(runners, run.runtime, run.runnerId)
  const runner = runners?.find(one => one.id === run.runnerId)
  const said = runner && !isEnded(run.status) ? runnerWord(runner) : null
  return (
    <section className={styles.part} aria-label="Facts">
      <dl className={styles.facts}>
        <Fact name="Runtime">{report?.title ?? run.runtime}</Fact>
        {run.command && (
          <Fact name="Program" mono title={[run.command.program, ...run.command.args].join(' ')}>
            {folderName(run.command.program)}
          </Fact>
        )}
        <Fact name="Place" title={runner?.hostname}>
          {visible(placeOf(run, run, runners))}
        </Fact>
        {said && (
          <Fact name="Runner" title={said.note}>
            {said.word}
          </Fact>
        )}
        {run.model && <Fact name="Model">{run.model}</Fact>}
        <Fact name="Permissions" title={permissionNote(run.permissionMode, report?.capabilities)}>
          {permissionWords[run.permissionMode].title}
        </Fact>
        <Fact name="Folder" mono title={run.cwd ?? undefined} copyable={run.cwd}>
          {runFolder(run)}
        </Fact>
        <Fact name="Origin">
          <Origin run={run} parent={parent} />
        </Fact>
        <Fact name="Started" title={run.startedAt ? exactTime(run.startedAt) : undefined}>
          {run.startedAt ? dateAndTime(run.startedAt) : 'not yet'}
        </Fact>
        {run.timeoutSeconds !== null && (
          <Fact name="Timeout">
            <Timeout run={run} seconds={run.timeoutSeconds} />
          </Fact>
        )}
        <Fact name="Run id" mono title={run.id} copyable={run.id}>
          {run.id}
        </Fact>
      </dl>
    </section>
  )
}

interface FactProps {
  name: string
  mono?: boolean
  title?: string
  copyable?: string | null
  children: ReactNode
}

function Fact({ name, mono, title, copyable, children }: FactProps) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd title={title && visible(title)}>
        <span className={mono ? 'truncate mono' : 'truncate'}>{children}</span>
        {copyable && (
          <span className={styles.copy}>
            <IconButton
              icon={Copy}
              label={`Copy ${name.toLowerCase()}`}
              onClick={() => void copy(copyable).then(done => done && toast(`${name} copied`))}
            />
          </span>
        )}
      </dd>
    </div>
  )
}

const origins: Record<Run['trigger'], string> = {
  manual: 'New run',
  agent: 'Work of an agent, after',
  task: 'A task, after',
  flow: 'A flow, after',
  followup: 'Follow-up to',
  fork: 'Fork of',
  retry: 'Again, from'
}

function Origin({ run, parent }: { run: Run; parent: Run | undefined }) {
  if (run.trigger === 'flow' && run.flowId !== null && !parent) return <Link href={`/flows/${run.flowId}`}>A flow</Link>
  if (!parent) return origins[run.trigger].replace(/,? (to|of|from|after)$/, '')
  return (
    <>
      {origins[run.trigger]} <Link href={`/runs/${parent.id}`}>#{parent.number}</Link>
    </>
  )
}

function Timeout({ run, seconds }: { run: Run; seconds: number }) {
  const now = useNow()
  const total = seconds * 1000
  if (isEnded(run.status) || run.startedAt === null) return duration(total)
  const left = Math.max(0, total + run.waitedMs - (now - Date.parse(run.startedAt)))
  return `${duration(total)}, ${duration(Math.floor(left / 1000) * 1000)} left`
}

const nearLimit = 0.8

function Context({ run: { contextUsed, contextMax } }: { run: Run }) {
  if (contextUsed === null || contextMax === null || contextMax === 0) return null
  const share = contextUsed / contextMax
  const text = `${tokens(contextUsed)} of ${tokens(contextMax)} · ${Math.round(share * 100)}%`
  return (
    <section className={styles.part}>
      <h2>
        Context window
        <span>{text}</span>
      </h2>
      <Meter value={contextUsed} max={contextMax} label="Context window" text={text} warn={share >= nearLimit} />
      {share >= nearLimit && (
        <p className={styles.near}>Near its limit. The agent will soon summarise what came before.</p>
      )}
    </section>
  )
}

/** In a repository one expects them. */
function failedToTake({ none }: RunChanges): boolean {
  return none !== null && none.why !== 'no-repository'
}

function withoutWords({ why, message }: NonNullable<RunChanges['none']>): string {
  if (why === 'no-repository') return 'No git here: what it changed by a command is not seen'
  return `No checkpoint was taken, so this cannot be undone: ${message}`
}

function Files({ run, results, onOpenFile }: { run: Run; results: number; onOpenFile: Props['onOpenFile'] }) {
  const changes = useChanges(run, results)
  const may = useMay('write')
  const files = changes?.data ?? []
  if (!changes || (files.length === 0 && !failedToTake(changes))) return null
  return (
    <section className={styles.part}>
      <h2>
        Changed files
        <span>
          <ChangedSum files={files} />
        </span>
      </h2>
      <ChangedFiles run={run} results={results} onOpen={onOpenFile} />
      {changes.root !== null && may && (
        <Link href={`/runs/${run.id}/review`} className={classOf('default', true)}>
          <Content icon={FileDiff}>Review changes</Content>
        </Link>
      )}
      {changes.none && <p className={styles.note}>{withoutWords(changes.none)}</p>}
    </section>
  )
}

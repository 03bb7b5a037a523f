import { ChevronDown, ChevronRight } from 'lucide-react'
import type { Run } from '#contract/runs/runs'
import {
  count,
  duration,
  exactMoney,
  exactTokens,
  money,
  spent,
  titleOf,
  tokens,
  totalTokens
} from '../../../lib/format.ts'
import type { LogColumn } from '../../../parts/log-table/log-row.tsx'
import { RunStatusText } from '../../../parts/run-status.tsx'
import { Ago } from '../../../ui/ago.tsx'
import { Said } from '../../../ui/said.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
import styles from './sessions.module.css'
import type { SessionLine } from './sessions.ts'

interface Acts {
  isSelected: (runId: string) => boolean
  onSelect: (runId: string) => void
  /** Folds a chain, or opens it. */
  onFold: (rootRunId: string) => void
}

export function sessionColumns({ isSelected, onSelect, onFold }: Acts): readonly LogColumn<SessionLine>[] {
  return [
    {
      title: 'Select',
      cell: ({ run }) => (
        <label className={styles.select}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select run #${run.number}`}
            checked={isSelected(run.id)}
            onChange={() => onSelect(run.id)}
          />
        </label>
      )
    },
    { title: 'Status', cell: ({ run }) => <RunStatusText run={run} /> },
    { title: 'Run', cell: line => `#${firstOf(line).number}` },
    { title: 'Fold', cell: line => line.type === 'chain' && <Fold line={line} onFold={onFold} /> },
    {
      title: 'Prompt',
      opens: true,
      cell: line => (
        <span className={styles.prompt} data-step={(line.type === 'run' && line.n !== null) || undefined}>
          {line.type === 'run' && line.n !== null && <span className={styles.n}>{line.n}</span>}
          <Said className="truncate">{titleOf(firstOf(line))}</Said>
          {line.type === 'chain' && (
            <span className={styles.runs}>{line.whole ? count(line.sums.runs, 'run') : `${line.sums.runs}+ runs`}</span>
          )}
        </span>
      )
    },
    { title: 'Started', cell: line => <Ago ts={firstOf(line).createdAt} ago /> },
    { title: 'Took', cell: line => (line.type === 'chain' ? took(line.sums.tookMs) : <Took run={line.run} />) },
    {
      title: 'Tokens',
      cell: line => {
        if (line.type === 'chain') return line.sums.tokens === 0 ? '–' : tokens(line.sums.tokens)
        const used = totalTokens(line.run.usage)
        return <span title={exactTokens(line.run.usage)}>{used === 0 ? '–' : tokens(used)}</span>
      }
    },
    {
      title: 'Cost',
      cell: line =>
        line.type === 'chain' ? (
          <span title={exactMoney(line.sums.costUsd)}>
            {money(line.sums.costUsd ?? (line.sums.tokens === 0 ? 0 : null))}
          </span>
        ) : (
          <span title={exactMoney(line.run.costUsd)}>{spent(line.run)}</span>
        )
    }
  ]
}

function firstOf(line: SessionLine): Run {
  return line.type === 'chain' ? line.first : line.run
}

function took(ms: number | null): string {
  return ms === null ? '–' : duration(ms)
}

export function Took({ run: { durationMs, startedAt } }: { run: Run }) {
  return durationMs === null && startedAt !== null ? <Ticking from={startedAt} /> : took(durationMs)
}

function Fold({ line, onFold }: { line: Extract<SessionLine, { type: 'chain' }>; onFold: Acts['onFold'] }) {
  const Icon = line.open ? ChevronDown : ChevronRight
  return (
    <button
      type="button"
      className={styles.fold}
      tabIndex={-1}
      aria-expanded={line.open}
      aria-label={`Runs of the session that began with #${line.first.number}`}
      onClick={() => onFold(line.first.rootRunId)}
    >
      <Icon size={14} aria-hidden />
    </button>
  )
}

import { Ellipsis } from 'lucide-react'
import { type ComponentType, type ReactNode, useState } from 'react'
import { duration } from '../../../lib/format.ts'
import { visible } from '../../../lib/visible.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Status } from '../../../ui/glyph.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
import { LineCounts } from '../../diff/diff-view.tsx'
import { lineCounts } from '../../diff/line-counts.ts'
import { useOpened } from '../stream/opened.ts'
import type { ToolCallRow } from '../stream/rows.ts'
import { opensByItself, outcomeOf, type ToolCallOutcome, waitedMs, workedMs } from '../stream/tool-call-outcome.ts'
import { useOpenFile } from '../viewer/use-open-file.ts'
import { DecisionFact, DecisionWords } from './decision.tsx'
import { Entry, Line } from './entry.tsx'
import type { RowProps } from './nested-rows.tsx'
import { Todos } from './todos.tsx'
import { ToolCallDetails } from './tool-call-details.tsx'
import styles from './tool-call-row.module.css'
import { summaryOf, todosOf, toolIcons } from './tool-look.ts'

interface Props {
  entry: string
  row: ToolCallRow
  /** The run goes on: a call without a result is at work. */
  live: boolean
  /** A person stopped the run. */
  stopped: boolean
  newestTodo: boolean
  /** Draws what a sub-agent did. */
  Nested: ComponentType<RowProps>
}

/** Shorter times say nothing. */
const shownFromMs = 100

/** A tool call and what came of it in one line; failures, work in progress and short edits open by themselves. */
export function ToolCallRowView({ entry, row, live, stopped, newestTodo, Nested }: Props) {
  const { use } = row
  const [open, toggle] = useOpened(entry, opensByItself(row))
  const [parts, setParts] = useState(!opensByItself(row))
  const icon = toolIcons[use.toolKind]
  const todos = use.toolKind === 'todo' ? todosOf(use.input) : null
  const outcome = outcomeOf(row, live, stopped)
  const name = visible([use.tool, use.argument, wordsOf(row, outcome)].filter(Boolean).join(', '))
  if (todos) {
    return (
      <Entry entry={entry} ts={row.ts} icon={icon} name={name}>
        <Todos todos={todos} open={newestTodo} live={live} />
      </Entry>
    )
  }
  const line = (
    <Line
      open={open}
      onToggle={toggle}
      boxed={open}
      name={visible(use.tool)}
      argument={use.argument ? visible(use.argument) : undefined}
      facts={<Facts row={row} outcome={outcome} />}
      tools={open && <Tools row={row} parts={parts} onParts={() => setParts(!parts)} />}
    />
  )
  return (
    <Entry entry={entry} ts={row.ts} icon={icon} name={name}>
      {open ? (
        <div className={styles.box}>
          {line}
          {row.approval && <DecisionWords asked={row.approval} whole />}
          <ToolCallDetails entry={entry} row={row} live={live} stopped={stopped} parts={parts} Nested={Nested} />
        </div>
      ) : (
        <>
          {line}
          {row.approval && <DecisionWords asked={row.approval} />}
        </>
      )}
    </Entry>
  )
}

/** Beside the line, never over what it opened. */
function Tools({ row, parts, onParts }: { row: ToolCallRow; parts: boolean; onParts: () => void }) {
  const [, openFile] = useOpenFile()
  const path = row.result?.data.diff?.path
  return (
    <>
      {path !== undefined && (
        <Button small look="ghost" onClick={() => openFile(path)}>
          Open
        </Button>
      )}
      {opensByItself(row) && (
        <IconButton icon={Ellipsis} label="Input, result and raw" aria-expanded={parts} onClick={onParts} />
      )}
    </>
  )
}

/** What came of it, in the words of the row. */
function wordsOf(row: ToolCallRow, outcome: ToolCallOutcome): string | null {
  if (outcome === 'denied' || outcome === 'stopped') return outcome
  return row.result && summaryOf(row.use.toolKind, row.result.data).words
}

function Facts({ row, outcome }: { row: ToolCallRow; outcome: ToolCallOutcome }): ReactNode {
  const { approval, result } = row
  const counts = result?.data.diff && lineCounts(result.data.diff.hunks)
  const took = workedMs(row)
  return (
    <>
      {counts && <LineCounts {...counts} />}
      <Outcome row={row} outcome={outcome} />
      {approval?.decision && <DecisionFact asked={approval} />}
      {took !== null && took >= shownFromMs && outcome !== 'denied' && <span>{duration(took)}</span>}
    </>
  )
}

function Outcome({ row, outcome }: { row: ToolCallRow; outcome: ToolCallOutcome }): ReactNode {
  switch (outcome) {
    case 'waiting':
      return <Status tone="waiting">waiting for you</Status>
    case 'working':
      return (
        <Status tone="running">
          <Ticking from={new Date(Date.parse(row.ts) + waitedMs(row)).toISOString()} />
        </Status>
      )
    case 'silent':
      return <Status tone="cancelled">no result</Status>
    case 'denied':
    case 'stopped':
      return <Status tone="cancelled">{outcome}</Status>
    case 'done':
    case 'failed': {
      if (!row.result) return null
      const { tone, words } = summaryOf(row.use.toolKind, row.result.data)
      return words && (tone ? <Status tone={tone}>{words}</Status> : <span>{words}</span>)
    }
  }
}

import type { ComponentType, ReactNode } from 'react'
import { duration } from '../../../lib/format.ts'
import { visible } from '../../../lib/visible.ts'
import { Status } from '../../../ui/glyph.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
import { LineCounts } from '../../diff/diff-view.tsx'
import { useOpened } from '../stream/opened.ts'
import { type CallRow, lineCounts, opensByItself } from '../stream/rows.ts'
import { CallDetails } from './call-details.tsx'
import styles from './call-row.module.css'
import { Entry, Line } from './entry.tsx'
import type { RowProps } from './nested-rows.tsx'
import { Todos } from './todos.tsx'
import { summaryOf, todosOf, toolIcons } from './tool-look.ts'

interface Props {
  entry: string
  row: CallRow
  /** The run goes on: a call without a result is at work. */
  live: boolean
  newestTodo: boolean
  /** Draws what a sub-agent did. */
  Nested: ComponentType<RowProps>
}

/** Shorter times say nothing. */
const shownFromMs = 50

/** A call and what came of it in one line; failures, work in progress and short edits open by themselves. */
export function CallRowView({ entry, row, live, newestTodo, Nested }: Props) {
  const { use, result } = row
  const [open, toggle] = useOpened(entry, opensByItself(row))
  const icon = toolIcons[use.toolKind]
  const todos = use.toolKind === 'todo' ? todosOf(use.input) : null
  const name = [use.tool, use.argument, result && summaryOf(use.toolKind, result.data).words].filter(Boolean).join(', ')
  const line = (boxed: boolean) => (
    <Line
      open={open}
      onToggle={toggle}
      boxed={boxed}
      name={visible(use.tool)}
      argument={use.argument ? visible(use.argument) : undefined}
      facts={<Facts row={row} live={live} />}
    />
  )
  if (todos) {
    return (
      <Entry entry={entry} ts={row.ts} icon={icon} name={name}>
        <Todos todos={todos} open={newestTodo} live={live} />
      </Entry>
    )
  }
  return (
    <Entry entry={entry} ts={row.ts} icon={icon} name={name}>
      {open ? (
        <div className={styles.box}>
          {line(true)}
          <CallDetails entry={entry} row={row} live={live} Nested={Nested} />
        </div>
      ) : (
        line(false)
      )}
    </Entry>
  )
}

function Facts({ row: { use, result, ts, asked }, live }: { row: CallRow; live: boolean }): ReactNode {
  if (!result) {
    if (live && asked === 'waiting') return <Status tone="waiting">waiting for you</Status>
    if (!live) return <Status tone="cancelled">no result</Status>
    return (
      <Status tone="running">
        <Ticking from={ts} />
      </Status>
    )
  }
  const { tone, words } = summaryOf(use.toolKind, result.data)
  const counts = result.data.diff && lineCounts(result.data.diff)
  const took = result.data.durationMs ?? Date.parse(result.ts) - Date.parse(ts)
  return (
    <>
      {counts && <LineCounts {...counts} />}
      {words && (tone ? <Status tone={tone}>{words}</Status> : <span>{words}</span>)}
      {took >= shownFromMs && <span>{duration(took)}</span>}
    </>
  )
}

import { memo, type ReactNode } from 'react'
import { isEnded } from '#contract/runs/runs'
import { RunImages } from '../../images/run-images.tsx'
import { type Item, requestIn } from '../stream/items.ts'
import { ApprovalEntry } from './approval-entry.tsx'
import { DividerEntry, EndEntry, NowEntry } from './edge-entries.tsx'
import { FoldEntry } from './fold-entry.tsx'
import type { RowProps } from './nested-rows.tsx'
import { ErrorRow, LiveEntry, PromptRow, SystemRow, TextRow, ThinkingRow } from './text-rows.tsx'
import { ToolCallRowView } from './tool-call-row.tsx'

/** One entry of the stream. Everything it shows is in the item, so that an unchanged item is not drawn again. */
export const EntryView = memo(
  function EntryView({ item }: { item: Item }): ReactNode {
    switch (item.type) {
      case 'divider':
        return <DividerEntry item={item} />
      case 'fold':
        return <FoldEntry item={item} />
      case 'live':
        return <LiveEntry item={item} />
      case 'now':
        return <NowEntry item={item} />
      case 'end':
        return <EndEntry item={item} />
      case 'row':
        return <RowEntry item={item} />
    }
  },
  (before, after) => sameItem(before.item, after.item)
)

/** Items are made anew each time; what they hold is not. */
function sameItem(a: Item, b: Item): boolean {
  if (a.type === 'row' && b.type === 'row') {
    return (
      a.key === b.key &&
      a.row === b.row &&
      a.newestTodo === b.newestTodo &&
      isEnded(a.run.status) === isEnded(b.run.status)
    )
  }
  if (a.type === 'live' && b.type === 'live') return a.block === b.block
  if (a.type === 'fold' && b.type === 'fold') return a.key === b.key && a.calls.length === b.calls.length
  return false
}

function RowEntry({ item }: { item: Extract<Item, { type: 'row' }> }): ReactNode {
  const { row, key, run, newestTodo } = item
  const asked = requestIn(item)
  if (asked) return <ApprovalEntry entry={key} asked={asked} run={run} />
  if (row.type === 'approval') return <ApprovalEntry entry={key} asked={row} run={run} />
  if (row.type === 'prompt')
    return (
      <PromptRow entry={key} row={row}>
        <RunImages runId={run.id} images={row.images} />
      </PromptRow>
    )
  const stopped = run.status === 'CANCELLED'
  return <RowView entry={key} row={row} live={!isEnded(run.status)} stopped={stopped} newestTodo={newestTodo} />
}

/** Also draws what lies inside the call of a sub-agent. Requests are never nested: they concern the run. */
function RowView({ entry, row, live, stopped, newestTodo = false }: RowProps & { newestTodo?: boolean }): ReactNode {
  switch (row.type) {
    case 'prompt':
      return <PromptRow entry={entry} row={row} />
    case 'text':
      return <TextRow entry={entry} row={row} />
    case 'thinking':
      return <ThinkingRow entry={entry} row={row} />
    case 'call':
      return (
        <ToolCallRowView
          entry={entry}
          row={row}
          live={live}
          stopped={stopped}
          newestTodo={newestTodo}
          Nested={RowView}
        />
      )
    case 'system':
    case 'ending':
      return <SystemRow entry={entry} row={row} />
    case 'error':
      return <ErrorRow entry={entry} row={row} />
    case 'approval':
      return null
  }
}

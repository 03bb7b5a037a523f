// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtualised; the roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the link in a row takes the focus for it
import { useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { useNarrow } from '../../../lib/narrow.ts'
import { usePreferences } from '../../../lib/preferences.ts'
import { useRowKeys } from '../../../lib/row-keys.ts'
import { type Selection, selectionKeys } from '../../../parts/selection.ts'
import { useMay } from '../../../parts/who.ts'
import { type RowHeights, useGroupedRows } from '../../../ui/groups/grouped-rows.ts'
import { Shortcut } from '../../../ui/key.tsx'
import { Said } from '../../../ui/said.tsx'
import type { Busy } from './activity.ts'
import type { Line } from './fleet-lines.ts'
import { FleetRow } from './fleet-row.tsx'
import styles from './fleet-table.module.css'

const rowHeight = { compact: 52, comfortable: 60 }
const narrowRow = 84

function useHeights(): RowHeights {
  const density = usePreferences(state => state.density)
  return useNarrow() ? { heads: 0, group: 32, row: narrowRow } : { heads: 29, group: 32, row: rowHeight[density] }
}

interface Props {
  lines: readonly Line[]
  busy: ReadonlyMap<string, Busy>
  selection: Selection
}

/** A grid with one stop of the tab key: arrows or J and K move inside it. */
export function FleetTable({ lines, busy, selection }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const [, navigate] = useLocation()
  const may = useMay('write')
  const heights = useHeights()
  const { rows, sticky } = useGroupedRows(scroller, lines, heights)
  const agents = lines.flatMap((line, index) =>
    line.type === 'agent' ? [{ id: line.id, index, agentId: line.member.agent.id }] : []
  )
  const drawn = rows.getVirtualItems()
  const { at, move, stop, onKeyDown } = useRowKeys({
    ids: agents.map(agent => agent.id),
    drawn: drawn.flatMap(({ index }) => (lines[index]?.type === 'agent' ? lines[index].id : [])),
    focused,
    onFocus: setFocused,
    one: 'agent',
    link: 'agent-',
    toIndex: to => rows.scrollToIndex(agents[to]?.index ?? 0),
    open: to => navigate(`/fleet/${agents[to]?.agentId}`),
    page: 10
  })
  useHotkeys(
    selectionKeys({ selection, one: 'agent', may, focused: () => agents[at]?.agentId ?? null, goOn: () => move(1) })
  )
  return (
    <div
      ref={scroller}
      className={styles.table}
      data-selecting={selection.ids.length > 0 || undefined}
      aria-multiselectable
      role="grid"
      aria-label="Agents"
      aria-rowcount={lines.length + 1}
      onKeyDown={onKeyDown}
    >
      <Heads />
      <div className={styles.body} style={{ height: rows.getTotalSize() }} role="rowgroup">
        {drawn.map(item => {
          const line = lines[item.index]
          if (!line) return null
          const top = item.start - heights.heads
          return line.type === 'head' ? (
            <GroupHead key={item.key} head={line} top={top} stuck={item.index === sticky ? heights.heads : null} />
          ) : (
            <FleetRow
              key={item.key}
              id={line.id}
              member={line.member}
              busy={busy.get(line.member.agent.id)}
              index={item.index}
              top={top}
              height={heights.row}
              stop={line.id === stop}
              may={may}
              selected={selection.has(line.member.agent.id)}
              onFocus={setFocused}
              onSelect={selection.toggle}
            />
          )
        })}
      </div>
    </div>
  )
}

interface HeadProps {
  head: Extract<Line, { type: 'head' }>
  top: number
  /** Where it stays while its group is read; null: it goes with its rows. */
  stuck: number | null
}

function GroupHead({ head: { id, title, count }, top, stuck }: HeadProps) {
  return (
    <div
      role="row"
      className={styles.group}
      data-stuck={stuck !== null || undefined}
      style={stuck === null ? { transform: `translateY(${top}px)` } : { top: stuck }}
    >
      <span role="gridcell" aria-colspan={heads.length}>
        <b>
          <Said>{title}</Said>
        </b>{' '}
        {count.toLocaleString('en-US')}
        {id === 'needs' && (
          <Link href="/approvals" className={styles.inbox} tabIndex={-1}>
            Open inbox <Shortcut keys="g a" />
          </Link>
        )}
      </span>
    </div>
  )
}

const heads = ['Agent', 'Now', 'Activity', 'Context', 'Today', 'Actions']
const words: Record<string, string> = { Activity: 'Activity, 12 h' }

function Heads() {
  return (
    <div className={styles.heads} role="row">
      {heads.map(head => (
        <span key={head} role="columnheader" data-column={head}>
          {head === 'Actions' ? <span className="hidden-label">Actions</span> : (words[head] ?? head)}
        </span>
      ))}
    </div>
  )
}

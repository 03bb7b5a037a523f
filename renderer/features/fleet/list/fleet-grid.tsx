// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtualised; the roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the link in a card takes the focus for it
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { money } from '../../../lib/format.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { useRowKeys } from '../../../lib/row-keys.ts'
import { isolated } from '../../../lib/visible.ts'
import { AgentStatusText } from '../../../parts/agent-status.tsx'
import { NowLine } from '../../../parts/now-line.tsx'
import { type Selection, selectionKeys } from '../../../parts/selection.ts'
import { useMay } from '../../../parts/who.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Said } from '../../../ui/said.tsx'
import { ContextMeter, Setting, Since } from './fleet-facts.tsx'
import styles from './fleet-grid.module.css'
import type { Member } from './fleet-lines.ts'
import { FleetRowActions } from './fleet-row-actions.tsx'
import { SelectBox } from './select-box.tsx'

const cardWidth = 270
const cardHeight = 134

/** The fleet as cards, in the order of the list; only those in view are drawn. */
export function FleetGrid({ members, selection }: { members: readonly Member[]; selection: Selection }) {
  const scroller = useRef<HTMLDivElement>(null)
  const columns = useColumns(scroller)
  const may = useMay('write')
  const count = Math.ceil(members.length / columns)
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => cardHeight,
    overscan: 4
  })
  const drawn = rows.getVirtualItems()
  const membersOf = (row: number) => members.slice(row * columns, (row + 1) * columns)
  const [focused, setFocused] = useState<string | null>(null)
  const [, navigate] = useLocation()
  const { at, move, stop, onKeyDown } = useRowKeys({
    ids: members.map(({ agent }) => agent.id),
    drawn: drawn.flatMap(({ index }) => membersOf(index).map(({ agent }) => agent.id)),
    focused,
    onFocus: setFocused,
    one: 'agent',
    link: 'agent-',
    toIndex: to => rows.scrollToIndex(Math.floor(to / columns)),
    open: to => navigate(`/fleet/${members[to]?.agent.id}`),
    columns
  })
  useHotkeys(
    selectionKeys({ selection, one: 'agent', may, focused: () => members[at]?.agent.id ?? null, goOn: () => move(1) })
  )
  return (
    <div
      ref={scroller}
      className={styles.grid}
      role="grid"
      aria-label="Agents"
      aria-rowcount={count}
      aria-multiselectable
      data-selecting={selection.ids.length > 0 || undefined}
      onKeyDown={onKeyDown}
    >
      <div className={styles.body} style={{ height: rows.getTotalSize() }} role="rowgroup">
        {drawn.map(({ index, start }) => (
          <div
            key={index}
            role="row"
            aria-rowindex={index + 1}
            className={styles.cards}
            style={{
              transform: `translateY(${start}px)`,
              height: cardHeight,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`
            }}
          >
            {membersOf(index).map(member => (
              <Card
                key={member.agent.id}
                member={member}
                may={may}
                stop={member.agent.id === stop}
                selected={selection.has(member.agent.id)}
                onFocus={setFocused}
                onSelect={selection.toggle}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}

/** As many as have room. */
function useColumns(scroller: { current: HTMLElement | null }): number {
  const [columns, setColumns] = useState(4)
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const look = () => setColumns(Math.max(1, Math.floor(element.clientWidth / cardWidth)))
    const observer = new ResizeObserver(look)
    observer.observe(element)
    look()
    return () => observer.disconnect()
  }, [scroller])
  return columns
}

interface CardProps {
  member: Member
  may: boolean
  stop: boolean
  selected: boolean
  onFocus: (id: string) => void
  onSelect: (id: string) => void
}

function Card({ member, may, stop, selected, onFocus, onSelect }: CardProps) {
  const { agent, run, state } = member
  return (
    <div
      role="gridcell"
      className={styles.card}
      aria-selected={selected}
      data-waits={state === 'waiting' || undefined}
      data-rests={state === 'idle' || state === 'paused' || undefined}
    >
      <div className={styles.top}>
        <Avatar name={agent.name} glyph={agent.glyph} />
        {may && <SelectBox name={agent.name} selected={selected} onSelect={() => onSelect(agent.id)} />}
        <span className={styles.who}>
          <Link
            id={`agent-${agent.id}`}
            href={`/fleet/${agent.id}`}
            className={styles.name}
            title={isolated(agent.name)}
            tabIndex={stop ? 0 : -1}
            onFocus={() => onFocus(agent.id)}
          >
            <Said>{agent.name}</Said>
          </Link>
          <Setting agent={agent} run={run} />
        </span>
        <span className={styles.actions}>
          <FleetRowActions member={member} may={may} />
        </span>
      </div>
      <p className={styles.now}>
        <NowLine agent={agent} run={run} />
      </p>
      <div className={styles.foot}>
        <AgentStatusText state={state} />
        <span className={styles.since}>
          <Since agent={agent} run={run} />
        </span>
        <ContextMeter run={run} />
        <span>{money(agent.counters.costUsdToday)}</span>
      </div>
    </div>
  )
}

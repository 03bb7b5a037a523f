// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtualised; the roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the link in a row takes the focus for it
import { memo } from 'react'
import { Link } from 'wouter'
import { money } from '../../../lib/format.ts'
import { isolated } from '../../../lib/visible.ts'
import { AgentStatusText } from '../../../parts/agent-status.tsx'
import { NowLine } from '../../../parts/now-line.tsx'
import { Avatar } from '../../../ui/avatar.tsx'
import { Said } from '../../../ui/said.tsx'
import type { Busy } from './activity.ts'
import { ActivityStrip } from './activity-strip.tsx'
import { Context, PlaceOf, Setting, Since } from './fleet-facts.tsx'
import type { Member } from './fleet-lines.ts'
import { FleetRowActions } from './fleet-row-actions.tsx'
import styles from './fleet-table.module.css'
import { SelectBox } from './select-box.tsx'

interface CellsProps {
  /** Of the line that it is. */
  id: string
  member: Member
  busy: Busy | undefined
  stop: boolean
  may: boolean
  selected: boolean
  onFocus: (id: string) => void
  onSelect: (id: string) => void
}

interface Props extends CellsProps {
  index: number
  top: number
  height: number
}

export function FleetRow({ index, top, height, ...cells }: Props) {
  const { state } = cells.member
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={cells.selected}
      className={styles.row}
      data-rests={state === 'idle' || state === 'paused' || undefined}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <Cells {...cells} />
    </div>
  )
}

/** Apart from where the row stands: rows move whenever one above comes or goes. */
const Cells = memo(function Cells({ id, member, busy, stop, may, ...row }: CellsProps) {
  const { agent, run, state } = member
  return (
    <>
      <span role="gridcell" data-column="Agent">
        <Avatar name={agent.name} glyph={agent.glyph} />
        {may && <SelectBox name={agent.name} selected={row.selected} onSelect={() => row.onSelect(agent.id)} />}
        <span className={styles.who}>
          <Link
            id={`agent-${id}`}
            href={`/fleet/${agent.id}`}
            className={styles.name}
            title={isolated(agent.name)}
            tabIndex={stop ? 0 : -1}
            onFocus={() => row.onFocus(id)}
          >
            <Said>{agent.name}</Said>
          </Link>
          <Setting agent={agent} run={run} />
        </span>
      </span>
      <span role="gridcell" data-column="Now">
        <span className={styles.now}>
          <NowLine agent={agent} run={run} />
        </span>
        <span className={styles.state}>
          <AgentStatusText state={state} />
          <span>
            <Since agent={agent} run={run} /> · <PlaceOf agent={agent} run={run} />
          </span>
        </span>
      </span>
      <span role="gridcell" data-column="Activity">
        <ActivityStrip busy={busy} live={state === 'running'} />
      </span>
      <span role="gridcell" data-column="Context">
        <Context run={run} />
      </span>
      <span role="gridcell" data-column="Today">
        {money(agent.counters.costUsdToday)}
      </span>
      <span role="gridcell" data-column="Actions">
        <FleetRowActions member={member} may={may} />
      </span>
    </>
  )
})

// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtualised; the roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the link in a row takes the focus for it
import { memo } from 'react'
import { Link } from 'wouter'
import type { Agent } from '#contract/fleet/agents'
import { isEnded, type Run } from '#contract/runs/runs'
import { folderName, money } from '../../../lib/format.ts'
import { isolated } from '../../../lib/visible.ts'
import { AgentStatusText, sinceOf } from '../../../parts/agent-status.tsx'
import { NowLine } from '../../../parts/now-line.tsx'
import { reportOf, useRunners } from '../../../parts/runners.ts'
import { Ago } from '../../../ui/ago.tsx'
import { Avatar } from '../../../ui/avatar.tsx'
import { Meter } from '../../../ui/meter.tsx'
import { Said } from '../../../ui/said.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
import type { Member } from './fleet-lines.ts'
import { FleetRowActions } from './fleet-row-actions.tsx'
import styles from './fleet-table.module.css'

interface Props {
  member: Member
  index: number
  top: number
  height: number
  stop: boolean
  may: boolean
  onFocus: (id: string) => void
}

export const FleetRow = memo(function FleetRow({ member, index, top, height, stop, may, onFocus }: Props) {
  const { agent, run, state } = member
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={styles.row}
      data-rests={state === 'idle' || state === 'paused' || undefined}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <span role="gridcell" data-column="Agent">
        <Avatar name={agent.name} glyph={agent.glyph} />
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
      </span>
      <span role="gridcell" data-column="Now">
        <span className={styles.now}>
          <NowLine agent={agent} run={run} />
        </span>
        <span className={styles.state}>
          <AgentStatusText state={state} />
          <span>
            <Since agent={agent} run={run} /> · <PlaceOf run={run} />
          </span>
        </span>
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
    </div>
  )
})

/** With what and in which folder it works. */
function Setting({ agent, run }: { agent: Agent; run: Run | undefined }) {
  const runners = useRunners().data?.data
  const runtime = agent.runtime ?? run?.runtime ?? null
  const title =
    runtime === null ? 'Best runtime' : (reportOf(runners, runtime, run?.runnerId ?? null)?.title ?? runtime)
  return (
    <span className={styles.sub}>
      {title} · <Said>{agent.cwd === null ? 'private folder' : folderName(agent.cwd)}</Said>
    </span>
  )
}

function Since({ agent, run }: { agent: Agent; run: Run | undefined }) {
  if (run?.status === 'RUNNING' && run.startedAt !== null) return <Ticking from={run.startedAt} />
  return <Ago ts={sinceOf(agent, run)} />
}

function PlaceOf({ run }: { run: Run | undefined }) {
  const runner = useRunners().data?.data.find(one => one.id === run?.runnerId)
  return runner?.kind === 'remote' ? (
    <>
      Runner <Said>{runner.name}</Said>
    </>
  ) : (
    'This computer'
  )
}

/** How full what the model can keep in mind is; of the last run, which the next one goes on from. */
function Context({ run }: { run: Run | undefined }) {
  if (!run || run.contextUsed === null || !run.contextMax) return <span className={styles.nothing}>–</span>
  const percent = Math.round((100 * run.contextUsed) / run.contextMax)
  const near = percent >= 80 && !isEnded(run.status)
  const text = near ? `${percent}% · near limit` : `${percent}%`
  return (
    <span className={styles.context}>
      <span>{text}</span>
      <Meter value={run.contextUsed} max={run.contextMax} label="Context used" text={text} warn={near} />
    </span>
  )
}

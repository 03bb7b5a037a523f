import type { Agent } from '#contract/fleet/agents'
import { isEnded, type Run } from '#contract/runs/runs'
import { folderName } from '../../../lib/format.ts'
import { sinceOf } from '../../../parts/agent-status.tsx'
import { usePlace } from '../../../parts/place.ts'
import { reportOf, useRunners } from '../../../parts/runners.ts'
import { Ago } from '../../../ui/ago.tsx'
import { Meter } from '../../../ui/meter.tsx'
import { Said } from '../../../ui/said.tsx'
import { Ticking } from '../../../ui/ticking.tsx'
import styles from './fleet-table.module.css'

/** With what and in which folder it works. */
export function Setting({ agent, run }: { agent: Agent; run: Run | undefined }) {
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

export function Since({ agent, run }: { agent: Agent; run: Run | undefined }) {
  if (run?.status === 'RUNNING' && run.startedAt !== null) return <Ticking from={run.startedAt} />
  return <Ago ts={sinceOf(agent, run)} />
}

export function PlaceOf({ agent, run }: { agent: Agent; run: Run | undefined }) {
  return <Said>{usePlace(agent, run)}</Said>
}

/** How full what the model can keep in mind is; of the last run, which the next one goes on from. */
export function Context({ run }: { run: Run | undefined }) {
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

/** The same, where there is room for no words. */
export function ContextMeter({ run }: { run: Run | undefined }) {
  if (!run || run.contextUsed === null || !run.contextMax) return null
  const percent = Math.round((100 * run.contextUsed) / run.contextMax)
  const near = percent >= 80 && !isEnded(run.status)
  return (
    <Meter
      value={run.contextUsed}
      max={run.contextMax}
      label="Context used"
      text={near ? `${percent}% · near limit` : `${percent}%`}
      warn={near}
    />
  )
}

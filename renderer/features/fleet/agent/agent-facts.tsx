import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Agent } from '#contract/fleet/agents'
import type { Run } from '#contract/runs/runs'
import { money, tokens } from '../../../lib/format.ts'
import { useAgents } from '../../../parts/agents.ts'
import { permissionWords } from '../../../parts/permission-words.ts'
import { usePlace } from '../../../parts/place.ts'
import { reportOf, useRunners } from '../../../parts/runners.ts'
import { Ago } from '../../../ui/ago.tsx'
import { Meter } from '../../../ui/meter.tsx'
import { Said } from '../../../ui/said.tsx'
import styles from './agent-facts.module.css'

export function AgentFacts({ agent, run }: { agent: Agent; run: Run | undefined }) {
  const { counters, limits } = agent
  const today = counters.inputTokensToday + counters.outputTokensToday
  const manager = useAgents().data?.find(({ id }) => id === agent.managerId)
  return (
    <aside className={styles.facts} aria-label="Facts">
      {run?.contextUsed != null && run.contextMax !== null && <Context used={run.contextUsed} max={run.contextMax} />}
      <dl>
        <Fact name="Runtime">{useRuntimeTitle(agent)}</Fact>
        <Fact name="Model">{agent.model ? <Said>{agent.model}</Said> : 'The runtime’s own choice'}</Fact>
        <Fact name="Folder">{agent.cwd ? <Said>{agent.cwd}</Said> : 'A private one'}</Fact>
        <Fact name="Place">
          <Said>{usePlace(agent, run)}</Said>
        </Fact>
        <Fact name="Permissions">{permissionWords[agent.permissionMode].title}</Fact>
        {agent.team && (
          <Fact name="Team">
            <Said>{agent.team}</Said>
          </Fact>
        )}
        {manager && (
          <Fact name="Manager">
            <Link href={`/fleet/${manager.id}`}>
              <Said>{manager.name}</Said>
            </Link>
          </Fact>
        )}
        <Fact name="Today">
          {money(counters.costUsdToday)} · {tokens(today)} tokens
          {limits.dailyTokenBudget !== null && ` of ${tokens(limits.dailyTokenBudget)}`}
        </Fact>
        <Fact name="Runs">
          {counters.runs.toLocaleString('en-US')}: {counters.succeeded} done, {counters.failed} not
        </Fact>
        <Fact name="Last at work">{agent.lastActiveAt ? <Ago ts={agent.lastActiveAt} ago /> : 'Never'}</Fact>
        <Fact name="Made">
          <Ago ts={agent.createdAt} ago />
        </Fact>
        <Fact name="API id">
          <code>{agent.id}</code>
        </Fact>
      </dl>
    </aside>
  )
}

function useRuntimeTitle({ runtime, provider }: Agent): string {
  const runners = useRunners().data?.data
  if (runtime !== null) return reportOf(runners, runtime, null)?.title ?? runtime
  return provider === null ? 'The best one that is ready' : `That of ${provider}`
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Context({ used, max }: { used: number; max: number }) {
  const percent = Math.round((100 * used) / max)
  const text = `${tokens(used)} of ${tokens(max)}, ${percent}%${percent >= 80 ? ', near limit' : ''}`
  return (
    <section className={styles.context}>
      <h2>
        Context window <span>{text}</span>
      </h2>
      <Meter value={used} max={max} label="Context window" text={text} warn={percent >= 80} />
    </section>
  )
}

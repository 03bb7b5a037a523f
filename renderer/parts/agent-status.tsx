import type { Agent, AgentStatus } from '#contract/fleet/agents'
import { isEnded, type Run } from '#contract/runs/runs'
import { Pill, Status, type Tone } from '../ui/glyph.tsx'

/** How an agent stands as a person sees it: one at rest whose last run ended badly has failed. */
export type AgentState = AgentStatus | 'failed'

const looks: Record<AgentState, { tone: Tone; word: string }> = {
  idle: { tone: 'idle', word: 'Idle' },
  queued: { tone: 'queued', word: 'Queued' },
  running: { tone: 'running', word: 'Running' },
  waiting: { tone: 'waiting', word: 'Waiting' },
  failed: { tone: 'failed', word: 'Failed' },
  degraded: { tone: 'failed', word: 'In trouble' },
  paused: { tone: 'paused', word: 'Paused' },
  archived: { tone: 'stopped', word: 'Archived' }
}

const badEnds: readonly Run['status'][] = ['FAILED', 'TIMED_OUT', 'LOST']

export function stateOf({ status }: Pick<Agent, 'status'>, last: Pick<Run, 'status'> | undefined): AgentState {
  const rests = status === 'idle' || status === 'degraded'
  return rests && last && badEnds.includes(last.status) ? 'failed' : status
}

export function AgentStatusText({ state }: { state: AgentState }) {
  return <Status tone={looks[state].tone}>{looks[state].word}</Status>
}

export function AgentPill({ state }: { state: AgentState }) {
  return <Pill tone={looks[state].tone}>{looks[state].word}</Pill>
}

/** Since when it stands so. */
export function sinceOf(agent: Agent, run: Run | undefined): string {
  if (!run) return agent.statusSince
  if (isEnded(run.status)) return run.endedAt ?? run.statusSince
  return run.status === 'WAITING' || run.startedAt === null ? run.statusSince : run.startedAt
}

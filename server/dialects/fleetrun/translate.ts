import type { z } from 'zod'
import type { Agent, AgentPatch, AgentStatus } from '#contract/fleet/agents'
import type { Mcp } from '#contract/fleet/mcps'
import type { UsageRow } from '#contract/money/usage'
import type { Runner } from '#contract/runners/runners'
import type { EventKind, RunEvent } from '#contract/runs/events'
import type { TaskWithLog } from '#contract/work/tasks'
import { holds, type Principal } from '../../domain/domain.ts'
import type { TaskWish } from '../../domain/work/tasks.ts'
import type { agent, changeAgent } from './endpoints/agents.ts'
import type { mcp } from './endpoints/mcps.ts'
import type { changeTask, task } from './endpoints/tasks.ts'
import type { getUsage } from './endpoints/usage.ts'

type TheirAgent = z.output<typeof agent>
type TheirAgentPatch = z.output<typeof changeAgent.body>
type TheirTask = z.output<typeof task>
type TheirTaskPatch = z.output<typeof changeTask.body>
type TheirUsage = z.output<typeof getUsage.output>

const statusOfAgent: Record<AgentStatus, TheirAgent['status']> = {
  idle: 'active',
  queued: 'active',
  degraded: 'active',
  running: 'running',
  waiting: 'running',
  paused: 'paused',
  archived: 'archived'
}

export function toTheirAgent(agent: Agent): TheirAgent {
  const { id, name, role, model, provider, glyph, team, createdAt, updatedAt } = agent
  const status = statusOfAgent[agent.status]
  return { id, name, role, model, provider, glyph, manager: agent.managerId, team, status, createdAt, updatedAt }
}

export function toOurAgent({ manager, status: _status, ...same }: TheirAgentPatch): AgentPatch {
  return { ...same, ...(manager === undefined ? {} : { managerId: manager }) }
}

export function toTheirTask(task: TaskWithLog): TheirTask {
  const { assigneeId: assignee, requesterId: requester, epicId: epic_id, ...same } = task
  return { ...same, assignee, requester, epic_id }
}

export function toOurTask({ assignee, requester, epic_id, ...same }: TheirTaskPatch): TaskWish {
  return { ...same, assigneeId: assignee, requesterId: requester, epicId: epic_id }
}

export function toTheirMcp({ envKeys, createdAt, ...same }: Mcp): z.output<typeof mcp> {
  return { ...same, env_keys: envKeys, created_at: createdAt }
}

interface Groups {
  agent: readonly UsageRow[]
  model: readonly UsageRow[]
  day: readonly UsageRow[]
}

export function toTheirUsage({ agent, model, day }: Groups): TheirUsage {
  return {
    total_tokens: sum(day.map(tokensOf)),
    task_count: sum(day.map(row => row.runs)),
    by_agent: agent.map(row => ({ agent_id: row.key, name: row.name, ...toTheirFigures(row) })),
    by_model: model.map(row => ({ model: row.key, ...toTheirFigures(row) })),
    daily_breakdown: day.map(row => ({ date: row.key, ...toTheirFigures(row) }))
  }
}

function toTheirFigures(row: UsageRow) {
  return { tokens: tokensOf(row), tasks: row.runs, cost: row.costUsd }
}

function tokensOf({ usage }: UsageRow): number {
  return sum(Object.values(usage))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** Nothing is sold here: a feature is there when it works. */
export function toFeatures(principal: Principal, runners: readonly Runner[]): Record<string, boolean> {
  const online = runners.filter(runner => runner.status === 'online')
  const reports = online.flatMap(runner => runner.runtimes)
  const ready = (id: string) => reports.some(report => report.id === id && report.state === 'ready')
  return {
    write: holds(principal, 'write'),
    admin: holds(principal, 'admin'),
    runner: online.length > 0,
    ...Object.fromEntries(reports.map(({ id }) => [id, ready(id)]))
  }
}

const typeOfEvent: Partial<Record<EventKind, string>> = {
  thinking: 'thinking',
  assistant: 'output',
  tool_use: 'tool_call',
  tool_result: 'tool_result',
  error: 'error'
}

/** One message of the stream of a run; null for a step that it does not tell. */
export function toFrame({ kind, message, data }: RunEvent): { type: string; text: string } | null {
  const type = typeOfEvent[kind]
  // An error that the agent gets over by itself would read as the end of the run.
  if (type === undefined || data.retrying === true) return null
  return { type, text: kind === 'tool_result' && typeof data.text === 'string' ? data.text : message }
}

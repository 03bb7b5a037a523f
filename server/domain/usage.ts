import type { z } from 'zod'
import type { getUsage as getUsageEndpoint } from '#contract/usage'
import { iso } from '../store/columns.ts'
import type { RunRow } from '../store/runs.ts'
import type { UsageKey, UsageSums } from '../store/usage.ts'
import { requireAgent } from './agents.ts'
import type { Domain } from './domain.ts'

type UsageReport = z.output<typeof getUsageEndpoint.output>
type UsageQuery = z.output<typeof getUsageEndpoint.query>

const dayMs = 24 * 3_600_000
const days = { day: 1, week: 7, month: 30 } as const
const columns = { agent: 'agent_id', model: 'model', provider: 'provider', day: 'day' } as const satisfies Record<
  UsageQuery['groupBy'],
  UsageKey
>

/** Adds a run that ended to the figures of the day; `times` -1 takes one back that goes on after all. */
export function countRun(domain: Domain, run: RunRow, times: 1 | -1 = 1): void {
  const now = domain.clock.now()
  const agent = run.agent_id === null ? undefined : domain.store.agents.byId(run.agent_id)
  const used = run.input_tokens + run.output_tokens > 0
  domain.store.usage.add({
    day: iso(now).slice(0, 10),
    agent_id: run.agent_id ?? '',
    provider: agent?.provider ?? providerOf(run.runtime),
    model: run.model ?? '',
    runs: times,
    succeeded: run.status === 'SUCCEEDED' ? times : 0,
    failed: run.status === 'SUCCEEDED' || run.status === 'CANCELLED' ? 0 : times,
    busy_ms: times * busyMs(run),
    input_tokens: times * run.input_tokens,
    output_tokens: times * run.output_tokens,
    cache_read_tokens: times * run.cache_read_tokens,
    cache_write_tokens: times * run.cache_write_tokens,
    cost_usd: times * (run.cost_usd ?? 0),
    unpriced: used && run.cost_usd === null ? times : 0
  })
}

/** Time of work: from start to end without waiting for people. */
function busyMs(run: RunRow): number {
  if (run.started_at === null || run.ended_at === null) return 0
  return Math.max(0, run.ended_at - run.started_at - run.waited_ms)
}

/** Whom a runtime asks; '' for one that asks nobody, or that we cannot know. */
function providerOf(runtime: string): string {
  return runtime === 'claude-code' ? 'anthropic' : ''
}

export function usage(domain: Domain, query: UsageQuery): UsageReport {
  const now = domain.clock.now()
  const from = Math.floor(now / dayMs) * dayMs - (days[query.period] - 1) * dayMs
  const agentId = query.agentId === undefined ? null : requireAgent(domain, query.agentId).id
  const rows = domain.store.usage.grouped(columns[query.groupBy], iso(from).slice(0, 10), agentId)
  const figures = rows.map(row => ({ key: row.key, name: nameOf(domain, query.groupBy, row.key), ...toFigures(row) }))
  return { period: query.period, from: iso(from), to: iso(now), total: toFigures(total(rows)), data: figures }
}

function nameOf(domain: Domain, groupBy: UsageQuery['groupBy'], key: string): string {
  if (groupBy !== 'agent') return key
  return domain.store.agents.byId(key)?.name ?? key
}

const none: UsageSums = {
  runs: 0,
  succeeded: 0,
  failed: 0,
  busy_ms: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  cost_usd: 0,
  unpriced: 0
}

function total(rows: readonly UsageSums[]): UsageSums {
  const names = Object.keys(none) as (keyof UsageSums)[]
  return rows.reduce((sum, row) => Object.assign(sum, ...names.map(name => ({ [name]: sum[name] + row[name] }))), {
    ...none
  })
}

function toFigures(row: UsageSums): UsageReport['total'] {
  return {
    runs: row.runs,
    succeeded: row.succeeded,
    failed: row.failed,
    busyMs: row.busy_ms,
    usage: {
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      cacheReadTokens: row.cache_read_tokens,
      cacheWriteTokens: row.cache_write_tokens
    },
    costUsd: row.cost_usd,
    unpriced: row.unpriced
  }
}

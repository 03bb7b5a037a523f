import type { z } from 'zod'
import { largestSum } from '#contract/money/figures'
import type { getUsage as getUsageEndpoint, UsageRow } from '#contract/money/usage'
import { iso } from '../../store/columns.ts'
import type { UsageGroup, UsageGroupRow, UsageSpan, UsageSums } from '../../store/money/usage.ts'
import { type RunRow, usageOf } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import { requireAgent } from '../fleet/agents.ts'

type UsageReport = z.output<typeof getUsageEndpoint.output>
type UsageQuery = z.output<typeof getUsageEndpoint.query>

const dayMs = 24 * 3_600_000
const days = { day: 1, week: 7, month: 30 } as const
/** Whom a run that ends now is counted under; kept with it. */
export function providerOfRun(domain: Domain, run: RunRow): string {
  const agent = run.agent_id === null ? undefined : domain.store.agents.byId(run.agent_id)
  return agent?.provider ?? providerOf(domain, run.runtime)
}

/**
 * Adds a run to the figures of the day on which it ended, whenever that is done; `times` -1 takes one back that goes on
 * after all.
 */
export function countRun(domain: Domain, run: RunRow, times: 1 | -1 = 1): void {
  const used = run.input_tokens + run.output_tokens > 0
  const worth = run.status === 'SUCCEEDED' ? run.human_minutes : null
  domain.store.usage.add({
    day: dayOf(run.ended_at ?? domain.clock.now()),
    agent_id: run.agent_id ?? '',
    provider: run.provider ?? providerOfRun(domain, run),
    model: run.model ?? '',
    runtime: run.runtime,
    runs: times,
    succeeded: run.status === 'SUCCEEDED' ? times : 0,
    failed: run.status === 'SUCCEEDED' || run.status === 'CANCELLED' ? 0 : times,
    busy_ms: times * busyMs(run),
    input_tokens: times * run.input_tokens,
    output_tokens: times * run.output_tokens,
    cache_read_tokens: times * run.cache_read_tokens,
    cache_write_tokens: times * run.cache_write_tokens,
    cost_usd: times * (run.cost_usd ?? 0),
    estimated_usd: times * (run.cost_estimated === 1 ? (run.cost_usd ?? 0) : 0),
    unpriced: used && run.cost_usd === null ? times : 0,
    valued: worth === null ? 0 : times,
    human_minutes: times * (worth ?? 0)
  })
}

/** Time of work: from start to end without waiting for people. */
function busyMs(run: RunRow): number {
  if (run.started_at === null || run.ended_at === null) return 0
  return Math.max(0, run.ended_at - run.started_at - run.waited_ms)
}

/** Whom a runtime asks; '' for one that asks nobody, or that we cannot know. */
function providerOf(domain: Pick<Domain, 'runtimes'>, runtime: string): string {
  return domain.runtimes.find(({ id }) => id === runtime)?.provider ?? ''
}

/** The days that a question is about, the first and the last one included. */
export function spanOf(
  domain: Domain,
  query: {
    period: UsageQuery['period']
    from?: string | undefined
    to?: string | undefined
    agentId?: string | undefined
    runtime?: string | undefined
  }
): UsageSpan {
  const today = Math.floor(domain.clock.now() / dayMs) * dayMs
  return {
    from: query.from ?? dayOf(today - (days[query.period] - 1) * dayMs),
    to: query.to ?? dayOf(today),
    agentId: query.agentId === undefined ? null : requireAgent(domain, query.agentId).id,
    runtime: query.runtime ?? null,
    sight: domain.sight
  }
}

/** YYYY-MM-DD, UTC. */
export function dayOf(ms: number): string {
  return iso(ms).slice(0, 10)
}

/** When a span begins and ends; it ends now where it is not over. */
export function boundsOf(domain: Pick<Domain, 'clock'>, { from, to }: UsageSpan): { from: string; to: string } {
  const end = Math.min(Date.parse(to) + dayMs, domain.clock.now())
  return { from: iso(Date.parse(from)), to: iso(Math.max(end, Date.parse(from))) }
}

export function usage(domain: Domain, query: UsageQuery): UsageReport {
  const span = spanOf(domain, query)
  const data = groupedBy(domain, span, query.groupBy).map(toUsageRow)
  return { period: query.period, ...boundsOf(domain, span), total: totalOf(domain, span), data }
}

/** Sums of a span, most used first; a runtime is called as people call it. */
export function groupedBy(
  domain: Pick<Domain, 'store' | 'runtimes'>,
  span: UsageSpan,
  by: UsageGroup
): UsageGroupRow[] {
  const rows = domain.store.usage.grouped(span, by)
  if (by !== 'runtime') return rows
  return rows.map(row => ({ ...row, name: domain.runtimes.find(({ id }) => id === row.key)?.title ?? row.key }))
}

export function totalOf(domain: Pick<Domain, 'store'>, span: UsageSpan): UsageReport['total'] {
  return figuresOf(domain.store.usage.total(span) ?? none)
}

export function toUsageRow(row: UsageGroupRow): UsageRow {
  return { key: row.key, name: row.name, ...figuresOf(row) }
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
  estimated_usd: 0,
  unpriced: 0,
  valued: 0,
  human_minutes: 0
}

/** Sums as the API shows them. */
export function figuresOf(row: UsageSums): UsageReport['total'] {
  return {
    runs: row.runs,
    succeeded: row.succeeded,
    failed: row.failed,
    busyMs: row.busy_ms,
    usage: usageOf(row),
    costUsd: row.unpriced > 0 && row.cost_usd === 0 ? null : row.cost_usd,
    estimatedUsd: row.estimated_usd,
    unpriced: row.unpriced
  }
}

export function sumOf(rows: readonly UsageSums[]): UsageSums {
  const sum = { ...none }
  for (const row of rows)
    for (const name of Object.keys(none) as (keyof UsageSums)[]) sum[name] = Math.min(sum[name] + row[name], largestSum)
  return sum
}

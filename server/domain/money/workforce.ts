import type { z } from 'zod'
import { type Assumptions, assumptions, defaultAssumptions, type getWorkforce } from '#contract/money/workforce'
import type { RecentRun } from '../../store/money/budgets.ts'
import type { AgentFigures } from '../../store/money/usage-readings.ts'
import type { Domain } from '../domain.ts'
import { sees } from '../people/sight.ts'
import { figuresOf, spanOf, sumOf } from './usage.ts'

type Workforce = z.output<typeof getWorkforce.output>
type Figures = Workforce['total']

const setting = 'workforce'

export async function workforce(domain: Domain, { period }: z.output<typeof getWorkforce.query>): Promise<Workforce> {
  const taken = readAssumptions(domain)
  const all = await domain.store.reader.ask('usageByAgent', { from: spanOf(domain, { period }).from })
  const rows = all.filter(row => sees(domain, 'agents', row.agent_id))
  const data = rows.map(row => ({
    agentId: row.agent_id,
    name: row.name,
    medianMs: medianOf(row),
    ...toFigures(row, taken)
  }))
  return { period, assumptions: taken, total: toFigures(sumOf(rows), taken), data }
}

function readAssumptions(domain: Pick<Domain, 'store'>): Assumptions {
  const text = domain.store.settings.get(setting)
  return text === null ? defaultAssumptions : assumptions.parse(JSON.parse(text))
}

export function changeAssumptions(domain: Pick<Domain, 'store'>, wish: Assumptions): Assumptions {
  domain.store.settings.set(setting, JSON.stringify(wish))
  return wish
}

function toFigures(row: Parameters<typeof figuresOf>[0], { humanMinutesPerSuccess }: Assumptions): Figures {
  const { runs, succeeded, failed, busyMs, costUsd, estimatedUsd, unpriced } = figuresOf(row)
  const valued = { runs: row.valued, humanMinutes: row.human_minutes }
  return {
    runs,
    succeeded,
    failed,
    successRate: succeeded + failed === 0 ? null : succeeded / (succeeded + failed),
    busyMs,
    humanMinutesSaved: valued.humanMinutes + (succeeded - valued.runs) * humanMinutesPerSuccess,
    valued,
    costUsd,
    estimatedUsd,
    unpriced,
    costPerSuccessUsd: costUsd === null || succeeded === 0 ? null : costUsd / succeeded
  }
}

/** Of the last 20 runs of an agent, without waiting for people; null: it had none. */
export function averageRunMs({ store }: Pick<Domain, 'store'>, agentId: string): number | null {
  const times = store.budgets.recentRuns(agentId).map(({ ms }) => ms)
  return times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0) / times.length
}

function medianOf({ recent }: AgentFigures): number | null {
  const times = recent === null ? [] : (JSON.parse(recent) as RecentRun[]).map(run => run.ms).sort((a, b) => a - b)
  const middle = times.length / 2
  const upper = times[Math.floor(middle)]
  const lower = times[Math.ceil(middle) - 1]
  return upper === undefined || lower === undefined ? null : Math.round((upper + lower) / 2)
}

import { exportCosts, getCosts, getDailyCosts, getForecast, getPrices, listAdvice } from '#contract/money/costs'
import { advice } from '../../../domain/money/advice.ts'
import { costs } from '../../../domain/money/costs.ts'
import { type CostLine, costLines, dailyCosts } from '../../../domain/money/daily-costs.ts'
import { forecast } from '../../../domain/money/forecast.ts'
import { prices } from '../../../domain/money/prices.ts'
import { csvOf, csvType, type Route, read, type Services, sendTextFile, stream, wait } from '../../for-faces.ts'

const columns = [
  'day',
  'agent_id',
  'agent_name',
  'provider',
  'model',
  'runs',
  'succeeded',
  'failed',
  'busy_ms',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'cost_usd',
  'estimated_usd',
  'unpriced',
  // What reads it by place goes on.
  'runtime'
] as const

export function costRoutes(services: Services): Route[] {
  return [
    read(getCosts, ({ domain, query }) => costs(domain, query)),
    read(getDailyCosts, ({ domain, query }) => dailyCosts(domain, query)),
    stream(
      exportCosts,
      () => ({ body: '{}' }),
      ({ domain, query, response }) => {
        const name = `flotilla-costs-${query.from}-to-${query.to}.csv`
        const text = csvOf(columns, rowsOf(costLines(domain, query)))
        sendTextFile(services, { name, type: csvType, text }, response)
        return true
      }
    ),
    read(getPrices, () => prices),
    read(getForecast, ({ domain, query }) => forecast(domain, query)),
    wait(listAdvice, async ({ domain }) => ({ data: await advice(domain) }))
  ]
}

async function* rowsOf(days: AsyncIterable<CostLine[]>): AsyncGenerator<unknown[][]> {
  for await (const lines of days) yield lines.map(line => columns.map(column => line[column]))
}

import { advisedFrom, type CostAdvice, type ModelPrice } from '#contract/money/costs'
import type { TokenUsage } from '#contract/runs/runs'
import type { AgentModelRow } from '../../store/money/usage-readings.ts'
import { usageOf } from '../../store/runs/runs.ts'
import type { Domain } from '../domain.ts'
import { sees } from '../people/sight.ts'
import { priceOf, prices, split } from './prices.ts'
import { dayOf } from './usage.ts'

const dayMs = 24 * 3_600_000
const lookBackDays = 30
const mostOptions = 3
/** Agents send long prompts: a price for shorter ones says nothing of them. */
const longEnough = 200_000

/** Cheaper models, from what was used and nothing else. */
export async function advice(domain: Domain): Promise<CostAdvice[]> {
  const today = Math.floor(domain.clock.now() / dayMs) * dayMs
  const rows = await domain.store.reader.ask('usageByAgentAndModel', {
    from: dayOf(today - (lookBackDays - 1) * dayMs)
  })
  return rows
    .filter(row => sees(domain, 'agents', row.agent_id))
    .map(row => adviceFor(row, today))
    .filter(found => found !== null)
    .sort((a, b) => bestOf(b) - bestOf(a))
}

function bestOf({ options }: CostAdvice): number {
  return options[0]?.monthlySavingUsd ?? 0
}

function adviceFor(row: AgentModelRow, today: number): CostAdvice | null {
  const price = priceOf(row.model)
  const days = Math.round((today - Date.parse(row.first_day)) / dayMs) + 1
  if (!price || row.runs < advisedFrom.runs || days < advisedFrom.days) return null
  const usage = usageOf(row)
  const listUsd = sum(price, usage)
  const options = prices.models
    .filter(other => other.provider === price.provider && other.model !== price.model && !other.legacy)
    .filter(other => (other.longestPrompt ?? longEnough) >= longEnough)
    .map(other => optionOf(other, { price, usage, listUsd, days }))
    .filter(option => listUsd - option.listUsd >= listUsd * advisedFrom.share && option.monthlySavingUsd > 0)
    .sort((a, b) => b.monthlySavingUsd - a.monthlySavingUsd)
    .slice(0, mostOptions)
  if (options.length === 0) return null
  const { agent_id: agentId, name: agentName, provider, runs } = row
  return { agentId, agentName, provider, model: row.model, runs, days, usage, listUsd, options }
}

function sum(price: ModelPrice, usage: TokenUsage): number {
  const { input, output } = split(price, usage)
  return input + output
}

interface Ground {
  price: ModelPrice
  usage: TokenUsage
  listUsd: number
  days: number
}

function optionOf(other: ModelPrice, { price, usage, listUsd, days }: Ground): CostAdvice['options'][number] {
  const cheaper = sum(other, usage)
  const monthlySavingUsd = ((listUsd - cheaper) / days) * 30
  const arithmetic =
    `${price.model}: ${terms(price, usage)} = ${usd(listUsd)}. ${other.model}: ${terms(other, usage)} = ${usd(cheaper)}. ` +
    `(${usd(listUsd)} − ${usd(cheaper)}) ÷ ${days} days × 30 = ${usd(monthlySavingUsd)} a month.`
  return {
    model: other.model,
    listUsd: cheaper,
    monthlySavingUsd,
    longestPrompt: other.longestPrompt ?? null,
    arithmetic
  }
}

function terms(price: ModelPrice, usage: TokenUsage): string {
  const parts: [number, number, string][] = [
    [usage.inputTokens, price.input, 'input'],
    [usage.cacheReadTokens, price.cacheRead, 'read from cache'],
    [usage.cacheWriteTokens, price.cacheWrite, 'written to cache'],
    [usage.outputTokens, price.output, 'output']
  ]
  return parts
    .filter(([tokens]) => tokens > 0)
    .map(([tokens, rate, kind]) => `${tokens.toLocaleString('en-US')} ${kind} × $${rate} a million`)
    .join(' + ')
}

function usd(amount: number): string {
  return `$${amount.toFixed(amount < 1 ? 4 : 2)}`
}

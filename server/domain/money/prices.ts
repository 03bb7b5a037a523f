import { type ModelPrice, priceTable } from '#contract/money/costs'
import type { TokenUsage } from '#contract/runs/runs'
import file from '../../../resources/prices.json' with { type: 'json' }

export const prices = priceTable.parse(file)

/** What is after the name of a model and does not change its price. */
const edition = /[-@](\d{8}|\d{4}-\d{2}-\d{2}|latest|preview)$/

/** The price of a model by the name that a runtime gives it; null: unknown. */
export function priceOf(model: string): ModelPrice | null {
  const name = nameOf(model)
  const plain = name.replace(edition, '')
  return (
    prices.models.find(price => nameOf(price.model) === name) ??
    prices.models.find(price => nameOf(price.model) === plain) ??
    null
  )
}

/** Gateways put the maker ahead, and write versions with a dot. */
function nameOf(model: string): string {
  return model.toLowerCase().replace(/^.*\//, '').replaceAll('.', '-')
}

/** USD for input with its caches, and for output. */
export function split(price: ModelPrice, usage: TokenUsage): { input: number; output: number } {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens } = usage
  const input = inputTokens * price.input + cacheReadTokens * price.cacheRead + cacheWriteTokens * price.cacheWrite
  return { input: input / 1e6, output: (outputTokens * price.output) / 1e6 }
}

/** What these tokens cost by the table, in USD; null where the model is not in it. */
export function estimate(model: string | null, usage: TokenUsage): number | null {
  const price = model === null ? null : priceOf(model)
  if (!price) return null
  const { input, output } = split(price, usage)
  return input + output
}

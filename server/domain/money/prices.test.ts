import { expect, test } from 'vitest'
import { estimate, priceOf, prices } from './prices.ts'

const million = { inputTokens: 1e6, outputTokens: 1e6, cacheReadTokens: 1e6, cacheWriteTokens: 1e6 }

test.each([
  ['claude-opus-4-5', 'claude-opus-4-5'],
  ['claude-opus-4-5-20251101', 'claude-opus-4-5'],
  ['claude-opus-4-20250514', 'claude-opus-4'],
  ['anthropic/claude-opus-4.5', 'claude-opus-4-5'],
  ['gpt-5-2025-08-07', 'gpt-5'],
  ['gpt-5-mini', 'gpt-5-mini'],
  ['codex-mini-latest', 'codex-mini-latest'],
  ['Gemini-3.1-pro-preview', 'gemini-3.1-pro']
])('%s has the price of %s', (name, model) => {
  expect(priceOf(name)?.model).toBe(model)
})

test.each(['opus', 'gpt-5-turbo', 'claude-opus-4-5-fast', 'gpt-99', '', 'claude-sonnet-4-5[1m]'])(
  'no price is made up for %j',
  name => {
    expect(priceOf(name)).toBeNull()
    expect(estimate(name, million)).toBeNull()
  }
)

test('each kind of token has its own price', () => {
  expect(estimate('claude-haiku-4-5', million)).toBeCloseTo(1 + 5 + 0.1 + 1.25, 10)
  expect(estimate('claude-haiku-4-5', { ...million, inputTokens: 0, cacheWriteTokens: 0 })).toBeCloseTo(5.1, 10)
})

test('the table names no model twice, and says for each provider where its prices are from', () => {
  const names = prices.models.map(price => price.model)
  expect(new Set(names).size).toBe(names.length)
  const sources = prices.sources.map(source => source.provider)
  for (const { provider } of prices.models) expect(sources).toContain(provider)
})

test('reading a cache is never dearer than reading anew', () => {
  for (const price of prices.models) expect(price.cacheRead).toBeLessThanOrEqual(price.input)
})

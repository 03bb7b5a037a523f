import { expect, test } from 'vitest'
import { type Ask, type PriceFile, raised, type SourceRates } from './raise-prices.ts'

/** As the package told them on 2026-11-30, shortened to what is read. */
const recorded: Record<string, SourceRates> = {
  'gemini-2.5-pro': {
    input_mtok: { base: 1.25, tiers: [{ start: 200_000 }] },
    cache_read_mtok: { base: 0.125, tiers: [{ start: 200_000 }] },
    output_mtok: { base: 10, tiers: [{ start: 200_000 }] }
  },
  'gemini-3.1-flash-lite': { input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 1.5 },
  'claude-opus-5-5': { input_mtok: 4, cache_write_mtok: 5, cache_read_mtok: 0.2, output_mtok: 20 },
  'text-embedding-3-small': { input_mtok: 0.02 }
}
const ask: Ask = (_, model) => recorded[model] ?? null

const stale = { input: 9, output: 9, cacheRead: 9, cacheWrite: 9 }

function fileOf(asOf: string, provider: string, ...models: string[]): PriceFile {
  return { sources: [{ provider, asOf }], models: models.map(model => ({ provider, model, ...stale, legacy: true })) }
}

test('prices, the prompt up to which they hold, and their date are those of the source; what people said stays', () => {
  const { file, told } = raised(
    fileOf('2026-05-31', 'google', 'gemini-2.5-pro', 'gemini-3.1-flash-lite'),
    '2026-09-23',
    ask
  )
  const google = { provider: 'google', legacy: true }
  expect(file).toEqual({
    sources: [{ provider: 'google', asOf: '2026-09-23' }],
    models: [
      {
        ...google,
        model: 'gemini-2.5-pro',
        input: 1.25,
        output: 10,
        cacheRead: 0.125,
        cacheWrite: 1.25,
        longestPrompt: 200_000
      },
      { ...google, model: 'gemini-3.1-flash-lite', input: 0.25, output: 1.5, cacheRead: 0.025, cacheWrite: 0.25 }
    ]
  })
  expect(told).toEqual(['google: 2 changed'])
})

test('a limit of the prompt that is no more is taken away', () => {
  const before = fileOf('2026-01-01', 'anthropic', 'claude-opus-5-5')
  const limited = { ...before, models: before.models.map(model => ({ ...model, longestPrompt: 100_000 })) }
  expect(raised(limited, '2026-09-23', ask).file.models[0]).not.toHaveProperty('longestPrompt')
})

test.each(['2026-09-23', '2026-10-24'])(
  'prices of %s are not replaced by older ones, or by those of that day',
  asOf => {
    const before = fileOf(asOf, 'google', 'gemini-2.5-pro')
    const { file, told } = raised(before, '2026-09-23', ask)
    expect(file).toEqual(before)
    expect(told).toEqual([`google: stays, its prices of ${asOf} are not older than those of 2026-09-23`])
  }
)

test('the date stays where a model was not found, or has no price for output, and they are named', () => {
  const before = fileOf('2026-05-31', 'openai', 'claude-opus-5-5', 'text-embedding-3-small', 'gpt-99')
  const { file, told } = raised(before, '2026-09-23', ask)
  expect(file.sources).toEqual(before.sources)
  expect(file.models.map(model => model.input)).toEqual([4, 9, 9])
  expect(told).toEqual([
    'openai: 1 changed; text-embedding-3-small, gpt-99 not found, so that it stays dated 2026-05-31'
  ])
})

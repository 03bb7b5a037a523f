import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * `raise-prices.ts` brings `resources/prices.json` to the prices that `@pydantic/genai-prices` knows of its models. Which
 * models stand there, and which are legacy, is for a person to say; what is new is printed.
 */
const file = join(import.meta.dirname, '../resources/prices.json')
const source = '@pydantic/genai-prices'

/** The file, as far as it is changed here; its schema is `priceTable` of the contract. */
export interface PriceFile {
  sources: { provider: string; asOf: string }[]
  models: ListedModel[]
}

interface ListedModel extends Rates {
  provider: string
  model: string
}

/** USD per million tokens, for prompts up to `longestPrompt` tokens. */
interface Rates {
  input: number
  output: number
  cacheRead: number
  cacheWrite: number
  longestPrompt?: number
}

type Rate = number | { base: number; tiers: readonly { start: number }[] }

/** As the source tells them. */
export interface SourceRates {
  input_mtok?: Rate
  output_mtok?: Rate
  cache_read_mtok?: Rate
  cache_write_mtok?: Rate
}

/** What the source knows of a model today; null: nothing. */
export type Ask = (provider: string, model: string) => SourceRates | null

/**
 * The file with the prices of a source of that date (`2026-09-23`), and what became of each provider in words. One whose
 * prices are newer stays, and the date of one moves only when all its models were found: it holds for all of them.
 */
export function raised<File extends PriceFile>(file: File, date: string, ask: Ask): { file: File; told: string[] } {
  const told: string[] = []
  const models = new Map(file.models.map(listed => [listed, listed]))
  const sources = file.sources.map(known => {
    const { provider, asOf } = known
    if (asOf >= date) {
      told.push(`${provider}: stays, its prices of ${asOf} are not older than those of ${date}`)
      return known
    }
    const missing: string[] = []
    let changed = 0
    for (const listed of file.models.filter(model => model.provider === provider)) {
      const rates = ratesOf(ask(provider, listed.model))
      if (!rates) missing.push(listed.model)
      else if (differs(listed, rates)) {
        changed++
        const { longestPrompt: _, ...rest } = listed
        models.set(listed, { ...rest, ...rates })
      }
    }
    const left = missing.length === 0 ? '' : `; ${missing.join(', ')} not found, so that it stays dated ${asOf}`
    told.push(`${provider}: ${changed} changed${left}`)
    return missing.length === 0 ? { ...known, asOf: date } : known
  })
  return { file: { ...file, sources, models: [...models.values()] }, told }
}

/** null where a price is missing that has no other to stand for it. */
function ratesOf(rates: SourceRates | null): Rates | null {
  const { input_mtok, output_mtok, cache_read_mtok = input_mtok, cache_write_mtok = input_mtok } = rates ?? {}
  if (input_mtok === undefined || output_mtok === undefined) return null
  if (cache_read_mtok === undefined || cache_write_mtok === undefined) return null
  const all = [input_mtok, output_mtok, cache_read_mtok, cache_write_mtok]
  const starts = all.flatMap(rate => (typeof rate === 'number' ? [] : rate.tiers.map(tier => tier.start)))
  const base = (rate: Rate) => (typeof rate === 'number' ? rate : rate.base)
  return {
    input: base(input_mtok),
    output: base(output_mtok),
    cacheRead: base(cache_read_mtok),
    cacheWrite: base(cache_write_mtok),
    ...(starts.length === 0 ? {} : { longestPrompt: Math.min(...starts) })
  }
}

function differs(listed: Rates, rates: Rates): boolean {
  const keys = ['input', 'output', 'cacheRead', 'cacheWrite', 'longestPrompt'] as const
  return keys.some(key => listed[key] !== rates[key])
}

/** What is read of the package. */
interface Package {
  calcPrice(usage: object, model: string, options: object): { model_price: SourceRates } | null
  findProvider(options: object): { models: SourceModel[] } | undefined
}

interface SourceModel {
  id: string
  deprecated?: boolean
}

/** The newest version on npm with the date on which it appeared. */
async function newest(): Promise<{ date: string; prices: Package }> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-prices-'))
  const npm = (...args: string[]) =>
    execFileSync('npm', [...args, '--json'], { cwd: folder, encoding: 'utf8', timeout: 120_000, stdio: 'pipe' })
  try {
    npm('install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `${source}@latest`)
    const installed = join(folder, 'node_modules', source)
    const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string }
    const times = JSON.parse(npm('view', source, 'time')) as Record<string, string>
    const date = times[version]?.slice(0, 10)
    if (date === undefined) throw new Error(`npm does not say when ${source}@${version} appeared`)
    return { date, prices: (await import(join(installed, 'dist/index.js'))) as Package }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  try {
    const { date, prices } = await newest()
    // A preview has the price of what it becomes.
    const ask: Ask = (providerId, model) =>
      [model, `${model}-preview`].map(name => prices.calcPrice({}, name, { providerId })?.model_price).find(Boolean) ??
      null
    const before = JSON.parse(readFileSync(file, 'utf8')) as PriceFile
    const { file: after, told } = raised(before, date, ask)
    writeFileSync(file, `${JSON.stringify(after, null, 2)}\n`)
    for (const line of told) console.log(line)
    for (const { provider } of before.sources) {
      const listed = new Set(before.models.map(({ model }) => model.replaceAll('.', '-')))
      const others = prices.findProvider({ providerId: provider })?.models ?? []
      const names = others.filter(({ id, deprecated }) => !deprecated && !listed.has(id.replaceAll('.', '-')))
      console.log(`${provider} also has: ${names.map(({ id }) => id).join(', ')}`)
    }
  } catch (error) {
    console.error(`The prices stay as they are: ${source} could not be read from npm. Without a network it cannot be.`)
    console.error(String(error))
    process.exitCode = 1
  }
}

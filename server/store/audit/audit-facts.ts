import { type Audited, fieldOf } from './audited.ts'

/** Longer values are cut; the thing itself has the whole. */
const longestValue = 4000

type Facts = Record<string, unknown>
export interface Differences {
  before: Facts | null
  after: Facts | null
}

function parsed(json: string | null): Facts | null {
  return json === null ? null : (JSON.parse(json) as Facts)
}

/** The fields that differ; null when none does. */
function differences(before: Facts | null, after: Facts | null): Differences | null {
  const names = Object.keys(before ?? after ?? {}).filter(name => {
    const old = before?.[name] ?? null
    const fresh = after?.[name] ?? null
    return old !== fresh && JSON.stringify(old) !== JSON.stringify(fresh)
  })
  if (names.length === 0 && before !== null && after !== null) return null
  return { before: before && picked(before, names), after: after && picked(after, names) }
}

function picked(facts: Facts, names: readonly string[]): Facts {
  return Object.fromEntries(names.map(name => [name, facts[name]]))
}

function verbOf({ before, after }: Differences, verb: string | undefined): string {
  if (before === null) return 'created'
  if (after === null) return 'deleted'
  const value = verb === undefined ? undefined : after[fieldOf(verb)]
  return typeof value === 'string' ? value.toLowerCase() : 'changed'
}

function mapFacts({ before, after }: Differences, addresses: readonly string[]): Differences {
  const map = (facts: Facts | null) =>
    facts &&
    Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [
        name,
        short(addresses.includes(name) ? withoutSecrets(value) : value)
      ])
    )
  return { before: map(before), after: map(after) }
}

function short(value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= longestValue) return value
  return `${value.slice(0, longestValue)}… (${value.length} characters in all)`
}

/** A URL without what may be a credential. */
function withoutSecrets(value: unknown): unknown {
  if (typeof value !== 'string' || !URL.canParse(value)) return value
  const { protocol, host, pathname } = new URL(value)
  return `${protocol}//${host}${pathname}`
}

/** What a change is called, and its facts as they are kept; null when nothing differs. */
export function factsOfChange(
  { noun, verb, address = [] }: Audited,
  before: string | null,
  after: string | null
): (Differences & { action: string }) | null {
  const facts = differences(parsed(before), parsed(after))
  return facts && { action: `${noun}.${verbOf(facts, verb)}`, ...mapFacts(facts, address.map(fieldOf)) }
}

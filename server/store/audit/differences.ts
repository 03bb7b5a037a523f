import { type Audited, fieldOf } from './audited.ts'

/** Longer values are cut; the thing itself has the whole. */
const longestValue = 4000

type Fields = Record<string, unknown>
export interface Differences {
  before: Fields | null
  after: Fields | null
}

function parsed(json: string | null): Fields | null {
  return json === null ? null : (JSON.parse(json) as Fields)
}

/** The fields that differ; null when none does. */
function differences(before: Fields | null, after: Fields | null): Differences | null {
  const names = Object.keys(before ?? after ?? {}).filter(name => {
    const old = before?.[name] ?? null
    const fresh = after?.[name] ?? null
    return old !== fresh && JSON.stringify(old) !== JSON.stringify(fresh)
  })
  if (names.length === 0 && before !== null && after !== null) return null
  return { before: before && picked(before, names), after: after && picked(after, names) }
}

function picked(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.map(name => [name, fields[name]]))
}

function verbOf({ before, after }: Differences, verb: string | undefined): string {
  if (before === null) return 'created'
  if (after === null) return 'deleted'
  const value = verb === undefined ? undefined : after[fieldOf(verb)]
  return typeof value === 'string' ? value.toLowerCase() : 'changed'
}

function mapFields({ before, after }: Differences, addresses: readonly string[]): Differences {
  const map = (fields: Fields | null) =>
    fields &&
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
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

/** What a change is called, and its fields as they are kept; null when nothing differs. */
export function deedOf(
  { noun, verb, address = [] }: Audited,
  before: string | null,
  after: string | null
): (Differences & { action: string }) | null {
  const differing = differences(parsed(before), parsed(after))
  return differing && { action: `${noun}.${verbOf(differing, verb)}`, ...mapFields(differing, address.map(fieldOf)) }
}

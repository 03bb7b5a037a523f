import type { McpOutcome, RunItem } from '#contract/runners/runner-protocol'
import { maxEventText } from '#contract/runs/events'

/** An item as the parts of a runner make it; the outbox numbers it. */
export type NewItem = RunItem extends infer Item ? (Item extends RunItem ? Omit<Item, 'n'> : never) : never

/** All texts of one item together, in characters, so that it fits into one request even in UTF-8. */
const maxItemText = 2_000_000
const maxEntries = 100_000
/** So much of a text stays, however little gets through. */
const shortestText = 100
const longestKey = 10_000

/** Cuts a text to what one event keeps and says how much is missing. */
export function cutText(text: string, limit = maxEventText): string {
  if (text.length <= limit) return text
  // Never half of a surrogate pair: it would not survive UTF-8.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) ? limit - 1 : limit
  return `${text.slice(0, end)}\n[${(text.length - end).toLocaleString('en')} more characters are not kept]`
}

function cleanOutcomes(mcps: readonly McpOutcome[] | undefined, words: (text: string, limit?: number) => string) {
  if (mcps === undefined) return {}
  return { mcps: mcps.map(one => ({ ...one, detail: one.detail === null ? null : words(one.detail, 1900) })) }
}

/** The item without secrets, cut to the limits of the contract. `clean` is applied to everything an agent wrote. */
export function prepareItem(item: NewItem, clean: (text: string) => string): NewItem {
  const budget = { text: maxItemText, entries: maxEntries }
  return cutItem(item, (text, limit) => cutText(clean(text), limit), budget)
}

function cutItem<Item extends NewItem>(item: Item, words: Words, budget: Budget): NewItem {
  switch (item.type) {
    case 'event':
      return { ...item, message: words(item.message), data: record(item.data, words, budget) }
    case 'approval':
      return {
        ...item,
        tool: words(item.tool, 150).slice(0, 200),
        title: words(item.title, 1900),
        subject: words(item.subject, 99_000),
        reason: item.reason === null ? null : words(item.reason, 9_900),
        input: record(item.input, words, budget)
      }
    case 'reason':
      return { ...item, reason: item.reason === null ? null : words(item.reason, 900) }
    case 'facts':
      return { ...item, facts: { ...item.facts, ...cleanOutcomes(item.facts.mcps, words) } }
    default:
      return item
  }
}

/** An item as JSON, its texts cut until it takes at most so many bytes. */
export function shrinkItem(json: string, mostBytes: number): string {
  const item = JSON.parse(json) as RunItem
  for (let most = Math.floor(mostBytes / 2); most >= shortestText; most = Math.floor(most / 2)) {
    const budget = { text: most, entries: maxEntries }
    const words = (text: string, limit = maxEventText) => cutText(text, Math.min(limit, most))
    const shrunk = JSON.stringify(cutItem(item, words, budget))
    if (Buffer.byteLength(shrunk) <= mostBytes) return shrunk
  }
  return JSON.stringify(cutItem(item, text => cutText(text, shortestText), { text: 0, entries: 0 }))
}

type Budget = { text: number; entries: number }
type Words = (text: string, limit?: number) => string

function record(data: Record<string, unknown>, words: Words, budget: Budget): Record<string, unknown> {
  return bounded(data, words, budget) as Record<string, unknown>
}

function bounded(value: unknown, words: Words, budget: Budget): unknown {
  if (typeof value === 'string') {
    const text = words(value, Math.min(maxEventText, Math.max(budget.text, 0)))
    budget.text -= text.length
    return text
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return within(value, budget).map(entry => bounded(entry, words, budget))
  const entries = within(Object.entries(value), budget)
  for (const entry of entries) {
    entry[0] = words(entry[0], longestKey)
    entry[1] = bounded(entry[1], words, budget)
  }
  return Object.fromEntries(entries)
}

function within<Entry>(entries: Entry[], budget: Budget): Entry[] {
  const most = Math.max(budget.entries, 0)
  budget.entries -= entries.length
  return entries.length <= most ? entries : entries.slice(0, most)
}

import type { Facts, SessionTotals } from '#contract/runners/runner-protocol'
import type { TokenUsage } from '#contract/runs/runs'
import type { ClaudeUsage, ModelUsage, ResultLine } from './protocol.ts'

interface OpenMessage {
  id: string
  /** Index of the content block that is streaming. */
  index: number
  /** Finished blocks that came as assistant lines. */
  finished: number
  outputTokens: number
}

/** From this version on a resumed process counts on from the totals of its session. */
const firstThatCountsOn = [2, 1, 277]
const nothing: SessionTotals = {
  usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  costUsd: 0
}

/**
 * Tokens, cost and context of one run. A result tells totals: of the process or, in a newer CLI, of the whole session.
 * What the run spent is how much they grew, or what the CLI says was spent since its last result; the stream only fills
 * the time until then.
 */
export class Meter {
  /** What results have told of this run, and what was streamed since the last of them. */
  private booked = nothing
  private streamed: TokenUsage = { ...nothing.usage }
  /** The totals of the CLI when it last told them. */
  private totals: SessionTotals = nothing
  private readonly before: SessionTotals | null
  private costKnown = false
  private readonly open = new Map<string, OpenMessage>()

  /** `before`: what the CLI said of the session that is continued. */
  constructor(before: SessionTotals | null) {
    this.before = before
  }

  /** Which CLI it is decides from where it counts. */
  version(version: unknown): void {
    if (this.before !== null && this.totals === nothing && countsOn(version)) this.totals = this.before
  }

  messageStarted(parent: string, id: string, usage: ClaudeUsage): Facts {
    this.open.set(parent, { id, index: 0, finished: 0, outputTokens: 0 })
    this.streamed.inputTokens += usage.input_tokens
    this.streamed.cacheReadTokens += usage.cache_read_input_tokens
    this.streamed.cacheWriteTokens += usage.cache_creation_input_tokens
    return { usage: this.usage, ...this.context(parent, usage) }
  }

  /** `output_tokens` of a message_delta counts from the start of the message. */
  messageGrew(parent: string, outputTokens: number): Facts {
    const message = this.open.get(parent)
    this.streamed.outputTokens += Math.max(0, outputTokens - (message?.outputTokens ?? 0))
    if (message !== undefined) message.outputTokens = outputTokens
    return { usage: this.usage }
  }

  blockStarted(parent: string, index: number): void {
    const message = this.open.get(parent)
    if (message !== undefined) message.index = index
  }

  /** Name of the block that is streaming; the finished block bears the same. */
  streamingBlock(parent: string): string | null {
    const message = this.open.get(parent)
    return message === undefined ? null : `${message.id}:${message.index}`
  }

  blockFinished(parent: string, messageId: string): string {
    const message = this.open.get(parent)
    if (message?.id !== messageId) {
      this.open.set(parent, { id: messageId, index: 0, finished: 1, outputTokens: 0 })
      return `${messageId}:0`
    }
    return `${messageId}:${message.finished++}`
  }

  /** Only the main conversation fills the context that the user sees. */
  context(parent: string, usage: ClaudeUsage): Facts {
    const used = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens
    return parent === '' && used > 0 ? { contextUsed: used } : {}
  }

  turnEnded(result: ResultLine, model: string | null): Facts {
    const models = Object.values(result.modelUsage)
    if (models.length > 0) this.book(result, totalsOf(models, result.total_cost_usd ?? null))
    const window = contextWindow(result, model)
    return {
      usage: this.usage,
      ...(this.costKnown ? { costUsd: this.booked.costUsd } : {}),
      ...(models.length > 0 ? { sessionTotals: this.totals } : {}),
      ...(window === null ? {} : { contextMax: window })
    }
  }

  private book(result: ResultLine, totals: SessionTotals): void {
    const told = result.model_usage_since_last_result
    const since = told === null ? grown(this.totals, totals) : totalsOf(Object.values(told), null)
    this.booked = plus(this.booked, since)
    this.totals = totals
    this.streamed = { ...nothing.usage }
    this.costKnown ||= result.total_cost_usd != null
  }

  private get usage(): TokenUsage {
    return plus(this.booked, { usage: this.streamed, costUsd: 0 }).usage
  }
}

function countsOn(version: unknown): boolean {
  const parts = typeof version === 'string' ? version.split('.').map(Number) : []
  for (const [index, least] of firstThatCountsOn.entries()) {
    const part = parts[index] ?? 0
    if (part !== least) return part > least
  }
  return true
}

/** Without a total the cost is that of the models. */
function totalsOf(models: readonly ModelUsage[], costUsd: number | null): SessionTotals {
  return {
    usage: {
      inputTokens: sum(models.map(m => m.inputTokens)),
      outputTokens: sum(models.map(m => m.outputTokens)),
      cacheReadTokens: sum(models.map(m => m.cacheReadInputTokens)),
      cacheWriteTokens: sum(models.map(m => m.cacheCreationInputTokens))
    },
    costUsd: costUsd ?? sum(models.map(m => m.costUSD))
  }
}

/** Totals that went down were begun anew. */
function grown(before: SessionTotals, now: SessionTotals): SessionTotals {
  const difference = plus(now, before, -1)
  const shrunk = [difference.costUsd, ...Object.values(difference.usage)].some(value => value < 0)
  return shrunk ? now : difference
}

function plus(a: SessionTotals, b: SessionTotals, sign = 1): SessionTotals {
  return {
    usage: {
      inputTokens: a.usage.inputTokens + sign * b.usage.inputTokens,
      outputTokens: a.usage.outputTokens + sign * b.usage.outputTokens,
      cacheReadTokens: a.usage.cacheReadTokens + sign * b.usage.cacheReadTokens,
      cacheWriteTokens: a.usage.cacheWriteTokens + sign * b.usage.cacheWriteTokens
    },
    costUsd: a.costUsd + sign * b.costUsd
  }
}

function contextWindow(result: ResultLine, model: string | null): number | null {
  const own = model === null ? undefined : result.modelUsage[model]
  const windows = Object.values(result.modelUsage).map(m => m.contextWindow ?? 0)
  return own?.contextWindow ?? (windows.length === 1 ? windows[0] || null : null)
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

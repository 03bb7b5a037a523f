import type { Facts, SessionTotals } from '#contract/runners/runner-protocol'
import type { TokenUsage } from '#contract/runs/runs'
import type { EventSignal } from '../runtimes/runtime.ts'
import type { PromptUsage, Update } from './protocol.ts'

type UsageUpdate = Extract<Update, { sessionUpdate: 'usage_update' }>

/**
 * Tokens are told of each prompt, where they are told at all, and added up; the cost is told of the whole session, also by
 * an agent that went on in it, so that of a run is by how much it grew.
 */
export class Meter {
  private readonly usage: TokenUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }
  private readonly before: SessionTotals | null
  private costUsd: number | null = null
  private tokensKnown = false

  /** `before`: what was told of the session that is continued. */
  constructor(before: SessionTotals | null) {
    this.before = before
  }

  updated({ used, size, cost }: UsageUpdate): Facts {
    if (cost?.currency === 'USD') this.costUsd = cost.amount
    // After an error some say 0, as if nothing had been said yet.
    return { ...(used > 0 && { contextUsed: used }), ...(size > 0 && { contextMax: size }), ...this.cost() }
  }

  prompted(told: PromptUsage | null): EventSignal[] {
    if (told === null) return []
    this.tokensKnown = true
    this.usage.inputTokens += told.inputTokens
    this.usage.outputTokens += told.outputTokens
    this.usage.cacheReadTokens += told.cachedReadTokens
    this.usage.cacheWriteTokens += told.cachedWriteTokens
    const message = `${told.inputTokens} tokens in, ${told.outputTokens} out`
    const usage = {
      inputTokens: told.inputTokens,
      outputTokens: told.outputTokens,
      cacheReadTokens: told.cachedReadTokens,
      cacheWriteTokens: told.cachedWriteTokens
    }
    return [{ type: 'event', kind: 'usage', message, data: { usage, costUsd: this.spent() } }]
  }

  facts(): Facts {
    return { ...(this.tokensKnown ? { usage: { ...this.usage } } : {}), ...this.cost() }
  }

  private cost(): Facts {
    const spent = this.spent()
    if (spent === null || this.costUsd === null) return {}
    return { costUsd: spent, sessionTotals: { usage: { ...this.usage }, costUsd: this.costUsd } }
  }

  /** A total that went down was begun anew. */
  private spent(): number | null {
    if (this.costUsd === null) return null
    const before = this.before?.costUsd ?? 0
    return this.costUsd >= before ? this.costUsd - before : this.costUsd
  }
}

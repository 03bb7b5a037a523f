import type { Facts } from '#contract/runners/runner-protocol'
import type { TokenUsage } from '#contract/runs/runs'
import type { CodexTokens, Told } from './protocol.ts'

/**
 * Tokens and context of one run. Codex tells the total of a thread, which counts on when the thread is resumed or forked:
 * what the run spent is how much it grew.
 */
export class Meter {
  private spent: TokenUsage = none()
  private spentBefore: TokenUsage = none()
  private readonly turns = new Set<string>()
  private readonly totals = new Map<string, CodexTokens>()
  private main: string | null = null

  threadIs(id: string): void {
    this.main = id
  }

  /** False: it is known already. */
  turnBegan(id: string): boolean {
    return !this.turns.has(id) && this.turns.add(id).size > 0
  }

  /** What the turn spent. */
  turnEnded(): TokenUsage {
    const usage = plus(this.spent, this.spentBefore, -1)
    this.spentBefore = this.spent
    return usage
  }

  /** What is told of a turn that is none of this run is what the thread had spent before. */
  told({ threadId, turnId, tokenUsage }: Told<'thread/tokenUsage/updated'>): Facts {
    const { total, last, modelContextWindow } = tokenUsage
    const before = this.totals.get(threadId)
    const main = threadId === this.main
    this.totals.set(threadId, total)
    if (!main || this.turns.has(turnId))
      this.spent = plus(this.spent, normalised(before === undefined ? last : grown(before, total, last)))
    if (!main) return { usage: this.spent }
    return {
      ...(this.turns.size > 0 ? { usage: this.spent } : {}),
      ...(last.inputTokens > 0 ? { contextUsed: last.inputTokens } : {}),
      ...(modelContextWindow == null ? {} : { contextMax: modelContextWindow })
    }
  }
}

/** Totals that went down were begun anew. */
function grown(before: CodexTokens, now: CodexTokens, last: CodexTokens): CodexTokens {
  const difference = {
    inputTokens: now.inputTokens - before.inputTokens,
    cachedInputTokens: now.cachedInputTokens - before.cachedInputTokens,
    cacheWriteInputTokens: now.cacheWriteInputTokens - before.cacheWriteInputTokens,
    outputTokens: now.outputTokens - before.outputTokens
  }
  return Object.values(difference).some(value => value < 0) ? last : difference
}

/** Codex counts what came from the cache, or went there, as input; elsewhere each token is counted once. */
function normalised(tokens: CodexTokens): TokenUsage {
  const { inputTokens, cachedInputTokens, cacheWriteInputTokens, outputTokens } = tokens
  return {
    inputTokens: Math.max(0, inputTokens - cachedInputTokens - cacheWriteInputTokens),
    outputTokens,
    cacheReadTokens: cachedInputTokens,
    cacheWriteTokens: cacheWriteInputTokens
  }
}

function plus(a: TokenUsage, b: TokenUsage, sign = 1): TokenUsage {
  return {
    inputTokens: a.inputTokens + sign * b.inputTokens,
    outputTokens: a.outputTokens + sign * b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + sign * b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + sign * b.cacheWriteTokens
  }
}

function none(): TokenUsage {
  return { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }
}

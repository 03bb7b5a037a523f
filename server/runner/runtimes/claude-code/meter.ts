import type { Facts } from '#contract/runners/runner-protocol'
import type { TokenUsage } from '#contract/runs/runs'
import type { ClaudeUsage, ResultLine } from './protocol.ts'

interface OpenMessage {
  id: string
  /** Index of the content block that is streaming. */
  index: number
  /** Finished blocks that came as assistant lines. */
  finished: number
  outputTokens: number
}

/**
 * Tokens, cost and context of one process. `modelUsage` and `total_cost_usd` of a result are totals of the process and
 * replace what was counted from the stream; the stream only fills the time until then.
 */
export class Meter {
  private usage: TokenUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }
  private readonly open = new Map<string, OpenMessage>()

  messageStarted(parent: string, id: string, usage: ClaudeUsage): Facts {
    this.open.set(parent, { id, index: 0, finished: 0, outputTokens: 0 })
    this.usage.inputTokens += usage.input_tokens
    this.usage.cacheReadTokens += usage.cache_read_input_tokens
    this.usage.cacheWriteTokens += usage.cache_creation_input_tokens
    return { usage: { ...this.usage }, ...this.context(parent, usage) }
  }

  /** `output_tokens` of a message_delta counts from the start of the message. */
  messageGrew(parent: string, outputTokens: number): Facts {
    const message = this.open.get(parent)
    this.usage.outputTokens += Math.max(0, outputTokens - (message?.outputTokens ?? 0))
    if (message !== undefined) message.outputTokens = outputTokens
    return { usage: { ...this.usage } }
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
    if (models.length > 0) {
      this.usage = {
        inputTokens: sum(models.map(m => m.inputTokens)),
        outputTokens: sum(models.map(m => m.outputTokens)),
        cacheReadTokens: sum(models.map(m => m.cacheReadInputTokens)),
        cacheWriteTokens: sum(models.map(m => m.cacheCreationInputTokens))
      }
    }
    const window = contextWindow(result, model)
    return {
      usage: { ...this.usage },
      ...(models.length > 0 && result.total_cost_usd != null ? { costUsd: result.total_cost_usd } : {}),
      ...(window === null ? {} : { contextMax: window })
    }
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

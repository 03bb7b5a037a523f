import { executeAgent } from '#contract/fleet/agents'
import type { Outcome } from '#contract/runners/runner-protocol'
import type { TokenUsage } from '#contract/runs/runs'
import type { RunnerClient } from './runner-client.ts'
import type { App } from './start-app.ts'

export interface Work {
  model?: string
  /** Input tokens, and as many of output. */
  tokens?: number
  usage?: TokenUsage
  /** What the runtime tells; it tells nothing when absent. */
  costUsd?: number
  outcome?: Outcome
  /** Between start and end. */
  meanwhile?: () => void
}

/** An agent does a run: launched, claimed, worked, told, ended. Returns the id of the run. */
export async function work(app: App, runner: RunnerClient, agentId: string, done: Work = {}): Promise<string> {
  const { id } = await app.call(executeAgent, { params: { id: agentId }, body: { prompt: 'x', continue: false } })
  const assignment = await runner.take(id)
  const { tokens = 0, outcome = 'SUCCEEDED' } = done
  const usage = done.usage ?? { inputTokens: tokens, outputTokens: tokens, cacheReadTokens: 0, cacheWriteTokens: 0 }
  await runner.send(assignment, { type: 'started' })
  done.meanwhile?.()
  const { model, costUsd } = done
  await runner.send(assignment, {
    type: 'facts',
    facts: { usage, ...(model ? { model } : {}), ...(costUsd === undefined ? {} : { costUsd }) }
  })
  await runner.finish(
    assignment,
    outcome,
    outcome === 'FAILED' ? { error: { code: 'MODEL_ERROR', message: 'no' } } : {}
  )
  return id
}

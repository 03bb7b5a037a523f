import type { Assignment } from '#contract/runners/runner-protocol'
import { agentEvents } from './agent-events.ts'
import { type Stage, take } from './stage.ts'

/** Batches a second: as a runner sends them under load. */
const batches = 20

/** Sends events at a pace until it is stopped; the returned function answers how many a second it were. */
export function keepBusy({ runner }: Stage, run: Assignment, perSecond: number): () => Promise<number> {
  const source = agentEvents()
  const startedAt = performance.now()
  let sent = 0
  let stopped = false
  const sending = send()

  async function send(): Promise<void> {
    while (!stopped) {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond) - sent
      if (due > 0) await runner.send(run, ...take(source, Math.min(due, 1000)))
      sent += Math.max(0, Math.min(due, 1000))
      await new Promise(resolve => setTimeout(resolve, 1000 / batches))
    }
  }

  return async () => {
    stopped = true
    await sending
    return sent / ((performance.now() - startedAt) / 1000)
  }
}

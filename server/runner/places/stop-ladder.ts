import { setTimeout as sleep } from 'node:timers/promises'
import type { AgentProcess, StopOptions } from './place.ts'

/** How long each rung waits: asked by its protocol, by a signal, killed. Together the 5 s in which a run must end. */
const stopSteps = { askedMs: 2000, signalledMs: 2000, killedMs: 1000 }

/**
 * Ends an agent and all it started: politely, then firmly. Who belongs to it is noted before each rung, because a tool
 * whose parent died first can no longer be told from a stranger.
 */
export async function stopAgent(agent: AgentProcess, options: StopOptions, steps = stopSteps): Promise<void> {
  await agent.remember()
  if (!options.now.aborted && options.ask()) await gone(agent, steps.askedMs, options.now)
  await agent.remember()
  if (!options.now.aborted && !(await gone(agent, 0, options.now))) {
    agent.signal(options.signal)
    await gone(agent, steps.signalledMs, options.now)
  }
  await agent.kill(steps.killedMs)
}

async function gone(agent: AgentProcess, ms: number, now: AbortSignal): Promise<boolean> {
  const timer = new AbortController()
  const signal = AbortSignal.any([timer.signal, now])
  const wait = sleep(ms, false, { signal }).catch(() => false)
  const result = await Promise.race([agent.exited.then(() => true), wait])
  timer.abort()
  return result
}

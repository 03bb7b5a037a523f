import { executeAgent, listAgents } from '#contract/fleet/agents'
import { getMe } from '#contract/people/login'
import type { Assignment } from '#contract/runners/runner-protocol'
import type { Draft } from '../../kit/runner-client.ts'
import { agentEvents } from './agent-events.ts'
import { type Stage, take } from './stage.ts'

/** So many agents are at work at a time. */
const working = 60
/** Leases end after a minute. */
const renewedEachMs = 20_000

const started: Draft = { type: 'started' }
const request: Draft = {
  type: 'approval',
  key: 'k',
  kind: 'tool',
  tool: 'Bash',
  toolUseId: null,
  title: 'wants to run a command',
  subject: 'npm publish',
  input: { command: 'npm publish' },
  reason: null
}

export interface WorkingFleet {
  /** Until it is stopped runs begin and end at such a pace that so many changes a second come; answers how many it were. */
  keepChanging(perSecond: number): () => Promise<number>
  /** Keeps what works at work. */
  renew(): Promise<void>
  /** Leaves so many of those that work waiting for a person. */
  ask(count: number): Promise<void>
}

/** Agents of the stage's fleet at work, each with a run of its own and a few events. */
export async function workingFleet(stage: Stage): Promise<WorkingFleet> {
  const { app, runner } = stage
  const agents = (await app.call(listAgents, { query: { limit: 500 } })).data
  const events = agentEvents()
  const live: Assignment[] = []
  let launched = 0

  async function begin(): Promise<void> {
    const agent = agents[launched++ % agents.length]
    if (!agent) throw new Error('there are no agents')
    const body = { prompt: `Work ${launched}`, runnerId: runner.runnerId, runtime: 'claude-code', continue: false }
    await app.call(executeAgent, { params: { id: agent.id }, body })
    live.push(await runner.claimOne())
  }
  async function start(): Promise<void> {
    const newest = live.at(-1)
    if (newest) await runner.send(newest, started, ...take(events, 4))
  }
  async function end(): Promise<void> {
    const oldest = live.shift()
    if (oldest) await runner.finish(oldest, 'SUCCEEDED', { result: 'Done.' })
  }
  async function renew(): Promise<void> {
    await runner.commands({ active: live })
  }
  const steps = [begin, start, end]
  const changes = async () => (await app.call(getMe)).lastChange

  while (live.length < working) {
    await begin()
    await start()
  }
  return {
    renew,
    async ask(count) {
      for (const run of live.slice(0, count)) await runner.send(run, request)
    },
    keepChanging(perSecond) {
      let stopped = false
      const changing = change()
      async function change(): Promise<number> {
        const [before, startedAt] = [await changes(), performance.now()]
        const seconds = () => (performance.now() - startedAt) / 1000
        let renewedAt = startedAt
        let done = 0
        for (let step = 0; !stopped; ) {
          if (done < seconds() * perSecond) {
            await steps[step++ % steps.length]?.()
            done = (await changes()) - before
          } else await new Promise(resolve => setTimeout(resolve, 5))
          if (performance.now() - renewedAt > renewedEachMs) {
            await renew()
            renewedAt = performance.now()
          }
        }
        return done / seconds()
      }
      return async () => {
        stopped = true
        return changing
      }
    }
  }
}

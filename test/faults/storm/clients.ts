import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { approval } from '#contract/approvals'
import type { Change } from '#contract/live'
import { isEnded, type Run, run, runInput } from '#contract/runs'
import type { Ledger } from './ledger.ts'
import { follow, followChanges } from './listeners.ts'
import { type Plan, randomPlan } from './plan.ts'
import type { Plane } from './plane.ts'
import type { Random } from './random.ts'

const agentFile = join(import.meta.dirname, 'agent.ts')
/** Live runs at a time. */
const crowd = 8

export interface Clients {
  /** Launches no more; resolves when every run has ended. */
  calmDown(): Promise<void>
}

export interface ClientOptions {
  plane: Plane
  ledger: Ledger
  random: Random
  /** Where agents keep their journals. */
  journals: string
  /** Ends all listening. */
  stop: AbortSignal
}

/** People and programs that launch, watch, answer, write to, cancel and follow up runs, all at the same time. */
export function startClients({ plane, ledger, random, journals, stop }: ClientOptions): Clients {
  const live = new Set<string>()
  let calming = false
  let stirred = Promise.withResolvers<void>()
  const jobs = new Set<Promise<void>>()

  function start(job: Promise<void>): void {
    const tracked = job
      .catch(error => void ledger.contradictions.push(error instanceof Error ? error.message : String(error)))
      .finally(() => jobs.delete(tracked))
    jobs.add(tracked)
  }

  /** A request that must come out the same however often it is sent; sometimes it is sent twice at once. */
  async function once(path: string, body: unknown) {
    const key = randomUUID()
    const [answer, same] = await Promise.all(
      random.chance(0.2)
        ? [plane.ask('POST', path, { body, key }), plane.ask('POST', path, { body, key })]
        : [plane.ask('POST', path, { body, key })]
    )
    if (!answer) throw new Error('no answer')
    if (same && (same.status !== answer.status || same.text !== answer.text))
      throw new Error(`one Idempotency-Key, two answers of POST ${path}: ${answer.text} ${same.text}`)
    return answer
  }

  function accepted(answer: { status: number; text: string; body: unknown }, plan: Plan): void {
    if (answer.status !== 201) throw new Error(`a launch was answered ${answer.status}: ${answer.text}`)
    const { id } = run.parse(answer.body)
    ledger.launches.set(id, plan)
    live.add(id)
    const own = random.fork()
    start(follow(plane, ledger, id, own, stop))
    start(disturb(id, plan, own))
  }

  async function launch(): Promise<void> {
    const plan = randomPlan(random)
    const command = { program: process.execPath, args: [agentFile, journals, plan.output], output: plan.output }
    const timeoutSeconds = plan.ending === 'hang' && random.chance(0.5) ? 5 : undefined
    accepted(
      await once('/api/v1/runs', { prompt: JSON.stringify(plan), runtime: 'command', command, timeoutSeconds }),
      plan
    )
  }

  /** What a person does with a run that is under way. */
  async function disturb(id: string, plan: Plan, own: Random): Promise<void> {
    if (plan.output === 'events' && own.chance(0.4)) start(write(id, own))
    if (own.chance(0.12)) {
      await sleep(own.int(0, 3000))
      await cancel(id, own.chance(0.3))
    } else if (plan.ending === 'hang') {
      await sleep(own.int(6000, 9000))
      await cancel(id, false)
    }
  }

  async function cancel(id: string, now: boolean): Promise<void> {
    const answer = await plane.ask('POST', `/api/v1/runs/${id}/cancel`, { body: { now } })
    const { status } = run.parse(answer.body)
    if (!isEnded(status) || status === 'CANCELLED') ledger.cancelled.add(id)
  }

  async function write(id: string, own: Random): Promise<void> {
    for (let n = own.int(1, 3); n > 0; n--) {
      await sleep(own.int(0, 1500))
      const text = `words ${randomUUID()}`
      const answer = await once(`/api/v1/runs/${id}/input`, { text })
      if (answer.status === 201) ledger.inputs.push({ runId: id, n: runInput.parse(answer.body).n, text })
      else if (answer.status !== 409) throw new Error(`input was answered ${answer.status}: ${answer.text}`)
    }
  }

  /** Two people at once, of different opinions: one of them decides. */
  async function decide(id: string): Promise<void> {
    await sleep(random.int(0, 800))
    const wishes = random.chance(0.2) ? (['approve', 'deny'] as const) : [random.pick(['approve', 'deny'] as const)]
    await Promise.all(
      wishes.map(async wish => {
        const answer = await once(`/api/v1/approvals/${id}/${wish}`, {})
        if (answer.status === 200) {
          const { status } = approval.parse(answer.body)
          if (status !== 'approved' && status !== 'denied') throw new Error(`${wish} made approval ${id} ${status}`)
          ledger.decisions.set(id, [...(ledger.decisions.get(id) ?? []), status])
        } else if (answer.status !== 409) throw new Error(`${wish} was answered ${answer.status}: ${answer.text}`)
      })
    )
  }

  async function followUp(ended: Run): Promise<void> {
    const plan = { ...randomPlan(random), output: 'events' as const }
    const answer = await once(`/api/v1/runs/${ended.id}/followup`, { prompt: JSON.stringify(plan) })
    // Somebody else may have been faster; a lost run may live again.
    if (answer.status !== 409) accepted(answer, plan)
  }

  const asked = new Set<string>()
  function onChange({ noun, data }: Change): void {
    if (noun === 'run' && data) {
      ledger.shown.set(data.id, data.status)
      if (!isEnded(data.status)) live.add(data.id)
      else if (live.delete(data.id)) {
        if (!calming && data.sessionId !== null && random.chance(0.2)) start(followUp(data))
        stirred.resolve()
      }
    }
    if (noun === 'approval' && data?.status === 'pending' && !asked.has(data.id)) {
      asked.add(data.id)
      start(decide(data.id))
    } else if (noun === 'approval' && data?.status === 'expired') asked.delete(data.id)
  }

  async function keepCrowd(): Promise<void> {
    while (!calming) {
      if (live.size < crowd) await launch()
      else await stir()
    }
  }

  async function stir(): Promise<void> {
    await Promise.race([stirred.promise, sleep(500)])
    stirred = Promise.withResolvers()
  }

  start(followChanges(plane, ledger, onChange, stop))
  const crowding = keepCrowd()

  return {
    async calmDown() {
      calming = true
      await crowding
      const deadline = Date.now() + 60_000
      while (live.size > 0) {
        if (Date.now() > deadline) throw new Error(`these never ended: ${[...live].join(', ')}`)
        await stir()
      }
    }
  }
}

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Change } from '#contract/live'
import { type Approval, approval } from '#contract/runs/approvals'
import { isEnded, type Run, run, runInput } from '#contract/runs/runs'
import type { Clis } from './clis.ts'
import type { Ledger } from './ledger.ts'
import { follow, followChanges } from './listeners.ts'
import { type ClaudePlan, isScripted, type Plan, randomPlan } from './plan.ts'
import type { Plane } from './plane.ts'
import type { Random } from './random.ts'

const agentFile = join(import.meta.dirname, 'agent.ts')
/** Live runs at a time. */
const crowd = 8
/** After the storm every run ends in this time. */
const calmMs = 80_000
/** Real CLIs take much of a machine: among the live runs are no more of them. */
const cliCrowd = 2

export interface ClientOptions {
  plane: Plane
  ledger: Ledger
  random: Random
  /** Where agents keep their journals. */
  journals: string
  /** Real CLIs among the agents, or null. */
  clis: Clis | null
  /** Ends all listening. */
  stop: AbortSignal
}

type Answer = Awaited<ReturnType<Plane['ask']>>

/** People and programs that launch, watch, answer, write to, cancel and follow up runs, all at the same time. */
export class Clients {
  private readonly options: ClientOptions
  private readonly live = new Set<string>()
  private readonly asked = new Set<string>()
  private readonly crowding: Promise<void>
  private calming = false
  private stirred = Promise.withResolvers<void>()

  constructor(options: ClientOptions) {
    this.options = options
    const { plane, ledger, stop } = options
    this.start(followChanges(plane, ledger, change => this.hear(change), stop))
    this.crowding = this.keepCrowd()
  }

  /** Launches no more; resolves when every run has ended. */
  async calmDown(): Promise<void> {
    this.calming = true
    await this.crowding
    const deadline = Date.now() + calmMs
    while (this.live.size > 0) {
      if (Date.now() > deadline) throw new Error(`these never ended: ${[...this.live].join(', ')}`)
      await this.stir()
    }
  }

  private start(job: Promise<void>): void {
    job.catch(error => this.options.ledger.contradictions.push(error instanceof Error ? error.message : String(error)))
  }

  private async keepCrowd(): Promise<void> {
    while (!this.calming) {
      if (this.live.size < crowd) await this.launch()
      else await this.stir()
    }
  }

  private async stir(): Promise<void> {
    await Promise.race([this.stirred.promise, sleep(500)])
    this.stirred = Promise.withResolvers()
  }

  private hear({ noun, data }: Change): void {
    if (noun === 'run' && data) this.hearOfRun(data)
    if (noun === 'approval' && data) this.hearOfApproval(data)
  }

  private hearOfRun(run: Run): void {
    const { ledger, random } = this.options
    ledger.shown.set(run.id, run.status)
    if (!isEnded(run.status)) this.live.add(run.id)
    else if (this.live.delete(run.id)) {
      if (!this.calming && run.sessionId !== null && random.chance(0.2)) this.start(this.followUp(run))
      this.stirred.resolve()
    }
  }

  private hearOfApproval({ id, status }: Approval): void {
    // What expired with its run may be asked again.
    if (status === 'expired') this.asked.delete(id)
    if (status !== 'pending' || this.asked.has(id)) return
    this.asked.add(id)
    this.start(this.decide(id))
  }

  /** A request that must come out the same however often it is sent; sometimes it is sent twice at once. */
  private async once(path: string, body: unknown): Promise<Answer> {
    const { plane, random } = this.options
    const key = randomUUID()
    const ask = () => plane.ask('POST', path, { body, key })
    if (!random.chance(0.2)) return await ask()
    const [answer, same] = await Promise.all([ask(), ask()])
    if (same.status !== answer.status || same.text !== answer.text)
      throw new Error(`one Idempotency-Key, two answers of POST ${path}: ${answer.text} ${same.text}`)
    return answer
  }

  private async launch(): Promise<void> {
    const { journals, random, clis } = this.options
    if (clis !== null && this.liveClis() < cliCrowd) {
      const plan = clis.plan(random)
      this.accept(await this.once('/api/v1/runs', clis.launchBody(plan)), plan)
      return
    }
    const plan = randomPlan(random)
    const command = { program: process.execPath, args: [agentFile, journals, plan.output], output: plan.output }
    const timeoutSeconds = plan.ending === 'hang' && random.chance(0.5) ? 5 : undefined
    const body = { prompt: JSON.stringify(plan), runtime: 'command', command, timeoutSeconds }
    this.accept(await this.once('/api/v1/runs', body), plan)
  }

  private liveClis(): number {
    const plans = [...this.live].map(id => this.options.ledger.launches.get(id))
    return plans.filter(plan => plan !== undefined && !isScripted(plan)).length
  }

  private async followUp(ended: Run): Promise<void> {
    const { clis, random } = this.options
    const plan: Plan | ClaudePlan =
      clis !== null && ended.runtime === 'claude-code' ? clis.plan(random) : { ...randomPlan(random), output: 'events' }
    // One that asks may be refused what it was to leave.
    const body = isScripted(plan)
      ? { prompt: JSON.stringify(plan) }
      : { prompt: plan.prompt, permissionMode: plan.permissionMode }
    const answer = await this.once(`/api/v1/runs/${ended.id}/followup`, body)
    // Somebody else may have been faster; a lost run may live again.
    if (answer.status !== 409) this.accept(answer, plan)
  }

  private accept(answer: Answer, plan: Plan | ClaudePlan): void {
    const { plane, ledger, random, stop } = this.options
    if (answer.status !== 201) throw new Error(`a launch was answered ${answer.status}: ${answer.text}`)
    const { id } = run.parse(answer.body)
    ledger.launches.set(id, plan)
    this.live.add(id)
    const own = random.fork()
    this.start(follow(plane, ledger, id, own, stop))
    this.start(this.disturb(id, plan, own))
  }

  /** What a person does with a run that is under way. */
  private async disturb(id: string, plan: Plan | ClaudePlan, own: Random): Promise<void> {
    if (isScripted(plan) && plan.output === 'events' && own.chance(0.4)) this.start(this.write(id, own))
    if (own.chance(0.12)) {
      await sleep(own.int(0, 3000))
      await this.cancel(id, own.chance(0.3))
    } else if (isScripted(plan) && plan.ending === 'hang') {
      await sleep(own.int(6000, 9000))
      await this.cancel(id, false)
    }
  }

  private async cancel(id: string, now: boolean): Promise<void> {
    const { plane, ledger } = this.options
    const { status } = run.parse((await plane.ask('POST', `/api/v1/runs/${id}/cancel`, { body: { now } })).body)
    if (!isEnded(status) || status === 'CANCELLED') ledger.cancelled.add(id)
  }

  private async write(id: string, own: Random): Promise<void> {
    for (let n = own.int(1, 3); n > 0; n--) {
      await sleep(own.int(0, 1500))
      const text = `words ${randomUUID()}`
      const answer = await this.once(`/api/v1/runs/${id}/input`, { text })
      if (answer.status === 201) this.options.ledger.inputs.push({ runId: id, n: runInput.parse(answer.body).n, text })
      else if (answer.status !== 409) throw new Error(`input was answered ${answer.status}: ${answer.text}`)
    }
  }

  /** Sometimes two people at once, of different opinions: one of them decides. */
  private async decide(id: string): Promise<void> {
    const { random } = this.options
    await sleep(random.int(0, 800))
    const one = random.pick(['approve', 'deny'] as const)
    const other = one === 'approve' ? 'deny' : 'approve'
    const wishes = random.chance(0.2) ? [one, other] : [one]
    await Promise.all(wishes.map(wish => this.wish(id, wish)))
  }

  private async wish(id: string, wish: string): Promise<void> {
    const { decisions } = this.options.ledger
    const answer = await this.once(`/api/v1/approvals/${id}/${wish}`, {})
    if (answer.status === 409) return
    if (answer.status !== 200) throw new Error(`${wish} was answered ${answer.status}: ${answer.text}`)
    const { status } = approval.parse(answer.body)
    if (status !== 'approved' && status !== 'denied') throw new Error(`${wish} made approval ${id} ${status}`)
    decisions.set(id, [...(decisions.get(id) ?? []), status])
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import type { ApiClient } from '#contract/client'
import type { ErrorCode } from '#contract/errors'
import {
  answerQuestion,
  claimRuns,
  finishRun,
  heartbeat,
  leaveRunner,
  maxParkSeconds,
  pollCommands,
  type RunDaemon,
  type RunnerCommand,
  registerRunner,
  reportDaemons,
  sendEvents
} from '#contract/runners/runner-protocol'
import type { Told } from '../execution/daemons.ts'
import type { HeldRuns } from '../execution/held-runs.ts'
import type { Batch, Reply } from '../outbox/batch.ts'
import type { OpenPlaces } from '../places/open-places.ts'
import type { Questions } from '../questions/questions.ts'
import type { Attempt } from '../spool/spool.ts'
import { aborted } from './aborted.ts'
import { Refused, TooLarge } from './control-plane-client.ts'
import { type Credential, refusalOf } from './refusal.ts'

/** Of the poll for commands while runs are held: it renews their leases. */
const leasePollSeconds = 20
const answerSlackMs = 8000
const firstPauseMs = 250
const longestPauseMs = 5000
/** A connection that lasts less long was no connection. */
const shortLifeMs = 2000
const lastWordMs = 500
const farewellMs = 1500
/** Reports of runtimes, at most this often. */
const reportPauseMs = 500

/** What the control plane says of the run, or of what is sent; nothing else takes a run away. */
const lettingGo: readonly ErrorCode[] = ['NOT_HELD', 'INVALID_REQUEST']

type Registration = Omit<
  z.input<typeof registerRunner.body>,
  'runtimes' | 'places' | 'warnings' | 'questions' | 'active' | 'died' | 'lastCommand'
>

export interface ConnectionOptions {
  call: ApiClient
  registration(): Promise<Registration>
  runs: Pick<HeldRuns, keyof HeldRuns>
  places: Omit<Pick<OpenPlaces, keyof OpenPlaces>, 'all' | 'usual' | 'find' | 'end'>
  questions: Pick<Questions, keyof Questions>
  /** Leave when for this long there was no control plane, and nothing but what is safe on disk; null: never. */
  lonelyMs: number | null
  /** False: there is nowhere to come back to. */
  hasHome(): boolean
  credential: Credential
  /** Finish what is held, take nothing else, leave. */
  draining: boolean
  log(message: string): void
}

interface Registered {
  runnerId: string
  incarnation: string
}

/** Waiting time before the given attempt, counted from 1, with jitter so that runners do not come back all at once. */
export function pauseMs(attempt: number): number {
  const full = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt - 1, 10))
  return full / 2 + Math.random() * (full / 2)
}

async function pause(attempt: number, signal: AbortSignal): Promise<void> {
  await sleep(pauseMs(attempt), null, { signal }).catch(() => {})
}

/** Of polls while nothing is held. The open connection shows that the runner lives; spread, so that many do not come at once. */
function idleSeconds(): number {
  return Math.round(maxParkSeconds * (0.8 + 0.2 * Math.random()))
}

/** Keeps a runner known to its control plane, takes runs and carries out commands, across every loss of the other side. */
export class Connection {
  private readonly options: ConnectionOptions
  private registered: Registered | null = null
  /** An older control plane takes batches as one JSON text only. */
  private takesLines = false
  private runnerId: string | null = null
  private lastCommand = 0
  private draining = false
  /** Another version takes this one's place. */
  private handover: PromiseWithResolvers<void> | null = null
  private replaced = false
  /** The control plane stops, and this runner does not. */
  private staying = false
  /** To leave, by a control plane that stops. */
  private told = false
  private lost = new AbortController()
  private readonly leaving = new AbortController()
  private reporting: Promise<void> | null = null
  private stoppingAgents = false
  private refused: string | null = null

  constructor(options: ConnectionOptions) {
    this.options = options
    this.draining = options.draining
    if (!options.draining) options.places.onChange(() => this.reportSoon())
  }

  /** As which it calls; null: it is not registered now. */
  get caller(): Registered | null {
    return this.registered
  }

  /** Why it left though nobody asked it to: its key is not accepted, which waiting does not change. */
  get refusal(): string | null {
    return this.refused
  }

  /** Works until it is time to leave. */
  async hold(): Promise<void> {
    void this.leaveWhenDrained()
    let shortLived = 0
    while (!this.leaving.signal.aborted) {
      this.lost = new AbortController()
      const registered = await this.register()
      if (registered === null) return
      const since = performance.now()
      const signal = AbortSignal.any([this.lost.signal, this.leaving.signal])
      await Promise.all([this.takeRuns(registered, signal), this.takeCommands(registered, signal)])
      if (this.replaced) await aborted(this.leaving.signal)
      // Registered, and then refused at once, again and again: that would keep both sides busy with nothing else.
      shortLived = performance.now() - since < shortLifeMs ? shortLived + 1 : 0
      if (shortLived > 1) await pause(shortLived, this.leaving.signal)
    }
  }

  /** Ends `hold`; requests under way are given up. */
  leave(): void {
    this.leaving.abort()
  }

  /** Says goodbye, so that nobody waits for this runner. Never throws. */
  async farewell(): Promise<void> {
    const body = this.registered
    if (body === null || this.replaced) return
    await this.options.call(leaveRunner, { body, timeoutMs: farewellMs }).catch(() => {})
  }

  /**
   * From now on nothing new is taken, and what `registration` says has changed: resolves when the control plane knows
   * this, or when there was nothing to finish.
   */
  async drain(): Promise<void> {
    this.draining = true
    this.handover ??= Promise.withResolvers()
    this.registered = null
    this.lost.abort()
    this.leaveIfDrained()
    await Promise.race([this.handover.promise, aborted(this.leaving.signal)])
  }

  /** Sends what a run has to tell. Never throws. */
  async send(run: Attempt, batch: Batch): Promise<Reply> {
    const caller = this.registered
    if (caller === null) return { type: 'away' }
    const { items, deltas, finish, follows } = batch
    const sentAt = new Date().toISOString()
    const head = JSON.stringify({ ...caller, attempt: run.attempt, sentAt, follows, ...finish }).slice(0, -1)
    const params = { id: run.runId }
    const options = this.takesLines
      ? { params, lines: [`${head},"deltas":${deltas}}`, ...items].join('\n') }
      : { params, json: `${head},"items":[${items.join()}],"deltas":${deltas}}` }
    try {
      if (finish !== null) {
        const { acked } = await this.options.call(finishRun, options)
        return { type: 'stored', acked, next: null }
      }
      const { acked, next, nextImages = [] } = await this.options.call(sendEvents, options)
      return { type: 'stored', acked, next: next == null ? null : { text: next, images: nextImages } }
    } catch (error) {
      return this.replyOf(error)
    }
  }

  private replyOf(error: unknown): Reply {
    if (error instanceof TooLarge) return { type: 'too large' }
    if (error instanceof Refused && error.code === 'EVENT_GAP') return { type: 'gap', acked: ackedOf(error.details) }
    if (error instanceof Refused && lettingGo.includes(error.code)) {
      this.options.log(`a run is let go: ${error.message}`)
      return { type: 'gone' }
    }
    // Whether it is replaced, revoked or unknown is for the next registration to say; what waits is kept until then.
    this.options.log(String(error))
    return { type: 'away' }
  }

  /** Tells which daemons of a run live. Never throws. */
  async tellDaemons(runId: string, daemons: readonly RunDaemon[]): Promise<Told> {
    const caller = this.registered
    if (caller === null) return 'away'
    try {
      await this.options.call(reportDaemons, { params: { id: runId }, body: { ...caller, daemons } })
      return 'told'
    } catch (error) {
      return error instanceof Refused && error.code === 'NOT_FOUND' ? 'unknown' : 'away'
    }
  }

  private async register(): Promise<Registered | null> {
    const { call, registration, runs, places, questions, log } = this.options
    const since = performance.now()
    this.registered = null
    for (let attempt = 1; !this.leaving.signal.aborted; attempt++) {
      const { handover } = this
      try {
        const runtimes = await places.firstReports()
        const can = { runtimes, places: places.ids, warnings: places.warnings, questions: [...questions.types] }
        const head = { ...(await registration()), ...can }
        const body = { ...head, active: runs.active, died: runs.died, lastCommand: this.lastCommand }
        const { runnerId, incarnation, resume, takesLines } = await call(registerRunner, {
          body,
          signal: this.leaving.signal
        })
        // Another control plane counts its commands anew.
        if (runnerId !== this.runnerId && handover === null) this.lastCommand = 0
        this.runnerId = runnerId
        this.registered = { runnerId, incarnation }
        this.takesLines = takesLines
        this.draining = this.options.draining || this.handover !== null
        this.staying = false
        this.told = false
        this.stoppingAgents = false
        runs.reattach(resume)
        handover?.resolve()
        log(`registered as ${runnerId}`)
        this.leaveIfDrained()
        return this.registered
      } catch (error) {
        if (error instanceof Refused && error.code === 'IDENTITY_TAKEN') {
          this.refused = error.message
          await runs.abandonAll()
          return null
        }
        if (this.isRefused(error)) return null
        if (attempt === 1 || attempt % 20 === 0)
          log(`not registered: ${error instanceof Error ? error.message : error}`)
      }
      if (await this.isLonely(since)) return null
      await pause(attempt, this.leaving.signal)
    }
    return null
  }

  /** Only a standalone runner: the built-in one reads another credential as soon as there is one. */
  private isRefused(error: unknown): boolean {
    const { lonelyMs, runs } = this.options
    if (lonelyMs !== null || runs.size > 0) return false
    this.refused = refusalOf(error, this.options.credential, this.runnerId !== null)
    return this.refused !== null
  }

  private async isLonely(since: number): Promise<boolean> {
    const { lonelyMs, runs, hasHome } = this.options
    if (this.draining && !this.staying && runs.size === 0) return true
    if (lonelyMs === null || performance.now() - since < lonelyMs) return false
    if (hasHome()) return runs.safe
    // Nobody will ever ask for these runs.
    await runs.abandonAll()
    return true
  }

  private async takeRuns(caller: Registered, signal: AbortSignal): Promise<void> {
    const { call, runs } = this.options
    while (!signal.aborted) {
      if (this.draining || runs.free === 0) {
        await Promise.race([runs.nextChange, aborted(signal)])
        continue
      }
      try {
        const waitSeconds = idleSeconds()
        const body = { ...caller, free: runs.free, waitSeconds }
        const claimed = await call(claimRuns, { body, signal, timeoutMs: waitSeconds * 1000 + answerSlackMs })
        for (const assignment of claimed.runs) runs.start(assignment)
      } catch (error) {
        // A control plane that stops refuses claims first; its last word comes with the commands.
        await sleep(lastWordMs, null, { signal }).catch(() => {})
        this.lose(error, signal)
      }
    }
  }

  private async takeCommands(caller: Registered, signal: AbortSignal): Promise<void> {
    const { runs } = this.options
    while (!signal.aborted) {
      const busy = new AbortController()
      if (runs.size === 0) void runs.nextChange.then(() => busy.abort())
      try {
        const { commands, abandon, leave } = await this.pollCommands(caller, AbortSignal.any([signal, busy.signal]))
        for (const command of commands) this.carryOut(command)
        runs.abandon(abandon)
        if (leave === 'no') {
          // The next control plane is here already, and has not told it to leave.
          if (this.told) this.lost.abort()
          continue
        }
        this.startLeaving(leave)
        // Said once is enough: from now on such polls are answered at once.
        await sleep(lastWordMs, null, { signal }).catch(() => {})
      } catch (error) {
        // A run came: its lease must be renewed more often than a poll of the idle comes back.
        if (!busy.signal.aborted) this.lose(error, signal)
      }
    }
  }

  private pollCommands(caller: Registered, signal: AbortSignal): Promise<z.output<typeof pollCommands.output>> {
    const { call, runs } = this.options
    const seconds = runs.size === 0 ? idleSeconds() : leasePollSeconds
    const body = { ...caller, after: this.lastCommand, active: runs.active, waitSeconds: this.told ? 0 : seconds }
    return call(pollCommands, { body, signal, timeoutMs: seconds * 1000 + answerSlackMs })
  }

  private carryOut(command: RunnerCommand): void {
    this.lastCommand = Math.max(this.lastCommand, command.id)
    if (command.type === 'install') void this.options.places.install(command.runtime)
    else if (command.type === 'detect') void this.options.places.refresh()
    else if (command.type === 'ask') void this.answer(command)
    else this.options.runs.carryOut(command)
  }

  private async answer({ questionId, question }: Extract<RunnerCommand, { type: 'ask' }>): Promise<void> {
    const reply = await this.options.questions.reply(question)
    const caller = this.registered
    // Who waits for it gives up by itself.
    if (caller !== null)
      await this.options
        .call(answerQuestion, { params: { id: questionId }, body: { ...caller, reply } })
        .catch(() => {})
  }

  private lose(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return
    this.options.log(`connection lost: ${error instanceof Error ? error.message : error}`)
    this.lost.abort()
    if (error instanceof Refused && error.code === 'RUNNER_REPLACED') {
      // Whoever took this identity has it: to register again would only drive it out in turn.
      this.replaced = true
      this.refused = 'Another process has registered as this runner, and this one ends'
      this.draining = true
      this.options.runs.reattach([])
      this.leaveIfDrained()
    }
  }

  private startLeaving(leave: 'when-idle' | 'stop-agents'): void {
    this.draining = true
    this.told = true
    // Nobody but its user would start a standalone one again: it waits for the control plane to come back.
    this.staying = this.options.lonelyMs === null && this.handover === null
    if (leave === 'stop-agents' && !this.stoppingAgents) {
      this.stoppingAgents = true
      void this.options.runs.stopAll()
    }
    this.leaveIfDrained()
  }

  private async leaveWhenDrained(): Promise<void> {
    while (!this.leaving.signal.aborted) {
      await this.options.runs.nextChange
      this.leaveIfDrained()
    }
  }

  private leaveIfDrained(): void {
    if (this.draining && !this.staying && this.options.runs.size === 0) this.leave()
  }

  private reportSoon(): void {
    this.reporting ??= sleep(reportPauseMs).then(async () => {
      this.reporting = null
      const caller = this.registered
      if (caller === null) return
      const { reports: runtimes, warnings } = this.options.places
      const body = { ...caller, runtimes, warnings }
      // A lost report is no loss: the next registration carries it.
      await this.options.call(heartbeat, { body }).catch(() => {})
    })
  }
}

function ackedOf(details: unknown): number {
  const acked = typeof details === 'object' && details !== null && 'acked' in details ? details.acked : 0
  return typeof acked === 'number' ? acked : 0
}

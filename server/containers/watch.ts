import { access } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Engine, EngineFacts } from '#contract/runners/engines'
import type { ContainerEngine, OpenEngine } from './engine.ts'
import { EngineFault, faultOf } from './fault.ts'
import type { Candidate } from './finding.ts'
import { troubleOf } from './trouble.ts'

/** How long things may take and how often they are tried, in ms. */
export interface Pace {
  answer: number
  /** To say what it is: Podman looks much up for that. */
  describe: number
  /** Between two looks at an engine that is connected. */
  beat: number
  firstRetry: number
  longestRetry: number
}

export const usualPace: Pace = { answer: 5000, describe: 30_000, beat: 15_000, firstRetry: 250, longestRetry: 30_000 }

export interface WatchSetup {
  open: OpenEngine
  platform: NodeJS.Platform
  pace: Pace
  /** It is in another state, has another trouble, or says something else of itself. */
  changed(id: string): void
}

type Link =
  | { state: 'connecting' }
  | { state: 'connected'; engine: ContainerEngine }
  | { state: 'unreachable'; fault: EngineFault }

/** Follows one engine: always knows whether it is there, notices at once when it goes, and finds it when it comes back. */
export class EngineWatch {
  readonly candidate: Candidate
  readonly #setup: WatchSetup
  readonly #stop = new AbortController()
  #link: Link
  #since: number
  #facts: EngineFacts | null = null
  #lastSeenAt: number | null = null
  #answerMs: number | null = null
  #nextTryAt: number | null = null
  /** Ends the pause before the next try. */
  #wake = () => {}
  #tried: PromiseWithResolvers<void> = Promise.withResolvers()

  /** `absent`: nothing lies at its address, which is then no news. */
  constructor(candidate: Candidate, setup: WatchSetup, absent: boolean) {
    const { at } = candidate
    const fault = at instanceof EngineFault ? at : absent ? new EngineFault('NOT_THERE') : null
    this.candidate = candidate
    this.#setup = setup
    this.#since = Date.now()
    this.#link = fault ? { state: 'unreachable', fault } : { state: 'connecting' }
  }

  start(): void {
    if (!(this.candidate.at instanceof EngineFault)) void this.#live()
  }

  get connected(): boolean {
    return this.#link.state === 'connected'
  }

  get engine(): ContainerEngine | null {
    return this.#link.state === 'connected' ? this.#link.engine : null
  }

  now(): Engine {
    const { id, name, isDefault, foundBy, address } = this.candidate
    return {
      id,
      name,
      isDefault,
      address,
      foundBy,
      state: this.#link.state,
      stateSince: iso(this.#since),
      lastSeenAt: this.#lastSeenAt === null ? null : iso(this.#lastSeenAt),
      answerMs: this.connected ? this.#answerMs : null,
      facts: this.#facts,
      trouble:
        this.#link.state === 'unreachable' ? troubleOf(this.#link.fault, this.candidate, this.#setup.platform) : null,
      nextTryAt: this.#nextTryAt === null ? null : iso(this.#nextTryAt)
    }
  }

  /** Does not wait for the next try. Resolves when it was tried. */
  async tryNow(): Promise<void> {
    if (this.connected || this.candidate.at instanceof EngineFault) return
    const { promise } = this.#tried
    this.#wake()
    await promise
  }

  stop(): void {
    this.#stop.abort()
    this.#wake()
    this.#tried.resolve()
  }

  async #live(): Promise<void> {
    const { pace } = this.#setup
    let wait = pace.firstRetry
    while (!this.#stop.signal.aborted) {
      const { fault, held } = await this.#attempt()
      if (this.#stop.signal.aborted) return
      wait = held ? pace.firstRetry : wait
      this.#nextTryAt = Date.now() + wait
      this.#become({ state: 'unreachable', fault })
      this.#tellTried()
      await this.#pause(wait)
      this.#nextTryAt = null
      wait = Math.min(wait * 2, pace.longestRetry)
    }
  }

  /** Until it fails or is lost, and why. `held`: it was connected for longer than a moment. */
  async #attempt(): Promise<{ fault: EngineFault; held: boolean }> {
    let connectedAt: number | null = null
    try {
      const engine = await this.#open()
      await this.#ping(engine)
      await this.#describe(engine)
      connectedAt = Date.now()
      this.#become({ state: 'connected', engine })
      this.#tellTried()
      await this.#stay(engine)
      return { fault: new EngineFault('LOST'), held: true }
    } catch (error) {
      const held = connectedAt !== null && Date.now() - connectedAt > this.#setup.pace.firstRetry
      return { fault: connectedAt === null ? faultOf(error) : new EngineFault('LOST'), held }
    }
  }

  async #open(): Promise<ContainerEngine> {
    const { at } = this.candidate
    if (at instanceof EngineFault) throw at
    // Cheaper than to find out by asking, and what is needed to ask need not be loaded.
    if (at.kind === 'socket' && this.#setup.platform !== 'win32') await access(at.path)
    return this.#setup.open(at)
  }

  /** Whether it is there, and how long it takes to say so. */
  async #ping(engine: ContainerEngine): Promise<void> {
    const begun = performance.now()
    await engine.ping(this.#within(this.#setup.pace.answer))
    this.#answerMs = Math.round((performance.now() - begun) * 10) / 10
    this.#lastSeenAt = Date.now()
  }

  async #describe(engine: ContainerEngine): Promise<void> {
    const facts = await engine.describe(this.#within(this.#setup.pace.describe))
    const same = isDeepStrictEqual(facts, this.#facts)
    this.#facts = facts
    if (!same && this.connected) this.#setup.changed(this.candidate.id)
  }

  #within(ms: number): AbortSignal {
    return AbortSignal.any([this.#stop.signal, AbortSignal.timeout(ms)])
  }

  /** While it is there. Its stream of events ends with it; but so it does when something on the way tires of it. */
  async #stay(engine: ContainerEngine): Promise<void> {
    const { beat, firstRetry } = this.#setup.pace
    while (!this.#stop.signal.aborted) {
      const over = new AbortController()
      const signal = AbortSignal.any([this.#stop.signal, over.signal])
      // Without a stream of events it is asked now and then.
      const ended = engine.untilGone(signal).then(
        () => true,
        () => until(signal)
      )
      try {
        for (let open = true; open; ) {
          open = (await Promise.race([ended, pause(beat, signal)])) !== true
          await this.#ping(engine)
        }
      } finally {
        over.abort()
      }
      // It may be another one by now.
      await this.#describe(engine)
      await pause(firstRetry, this.#stop.signal)
    }
  }

  #become(link: Link): void {
    const last = this.#link
    if (last.state === 'unreachable' && link.state === 'unreachable' && isNoNews(last.fault, link.fault)) return
    if (last.state !== link.state) this.#since = Date.now()
    this.#link = link
    this.#setup.changed(this.candidate.id)
  }

  #tellTried(): void {
    this.#tried.resolve()
    this.#tried = Promise.withResolvers()
  }

  async #pause(ms: number): Promise<void> {
    const over = new AbortController()
    this.#wake = () => over.abort()
    await pause(ms, AbortSignal.any([this.#stop.signal, over.signal]))
    this.#wake = () => {}
  }
}

/** One that went, and is not back yet, still is one that went. */
function isNoNews(last: EngineFault, fault: EngineFault): boolean {
  if (last.code === fault.code) return true
  return last.code === 'LOST' && (fault.code === 'NOT_THERE' || fault.code === 'NOT_ANSWERING')
}

/** Keeps no process alive. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => {})
}

function until(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#contract/errors'
import type { Engine, EngineTest } from '#contract/runners/engines'
import { EngineFault } from './fault.ts'
import { type Candidate, type EngineSettings, findEngines } from './finding.ts'
import { engineLoader } from './load.ts'
import { EngineWatch, usualPace, type WatchSetup } from './watch.ts'

export type Tell = (op: 'created' | 'changed' | 'deleted', id: string) => void

/** How long a look may keep its caller. */
const lookMs = 5000

/** All engines of this computer, watched from `start` to `close`. */
export class Engines {
  readonly #settings: EngineSettings
  readonly #tell: Tell
  readonly #setup: WatchSetup
  readonly #tests = new Map<string, Promise<EngineTest>>()
  #timer: NodeJS.Timeout | null = null
  #watches: readonly EngineWatch[]

  /** `scripts`: the folder with the script that speaks to engines. */
  constructor(settings: EngineSettings, scripts: string, tell: Tell, pace = usualPace) {
    this.#settings = settings
    this.#tell = tell
    this.#setup = { open: engineLoader(scripts), pace, platform: settings.platform, changed: id => tell('changed', id) }
    this.#watches = findEngines(settings).map(candidate => this.#watch(candidate))
  }

  start(): void {
    for (const watch of this.#watches) watch.start()
    // One that is installed later may answer elsewhere.
    this.#timer = setInterval(() => {
      if (!this.#watches.some(({ connected }) => connected)) this.#find()
    }, this.#setup.pace.longestRetry).unref()
  }

  list(): Engine[] {
    return this.#watches.map(watch => watch.now())
  }

  async look(): Promise<void> {
    this.#find()
    const limit = new AbortController()
    const tried = Promise.all(this.#watches.map(watch => watch.tryNow()))
    await Promise.race([tried, sleep(lookMs, undefined, { signal: limit.signal }).catch(() => {})])
    limit.abort()
  }

  test(id: string): Promise<EngineTest> {
    const running = this.#tests.get(id)
    if (running) return running
    const test = this.#test(id).finally(() => this.#tests.delete(id))
    this.#tests.set(id, test)
    return test
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer)
    for (const watch of this.#watches) watch.stop()
  }

  async #test(id: string): Promise<EngineTest> {
    const watch = this.#watches.find(({ candidate }) => candidate.id === id)
    if (!watch?.engine) throw unavailable(watch?.now())
    const steps = await watch.engine.test()
    const ok = steps.every(({ outcome }) => outcome === 'done')
    return { engineId: id, ok, testedAt: new Date().toISOString(), steps }
  }

  #watch(candidate: Candidate): EngineWatch {
    const { at } = candidate
    const absent = !(at instanceof EngineFault) && at.kind === 'socket' && !existsSync(at.path)
    return new EngineWatch(candidate, this.#setup, absent)
  }

  /** Those that were found stay while they are there, or should be. */
  #find(): void {
    const found = findEngines(this.#settings)
    const isFound = ({ candidate, connected }: EngineWatch) => connected || found.some(({ id }) => id === candidate.id)
    const kept = this.#watches.filter(isFound)
    const gone = this.#watches.filter(watch => !isFound(watch))
    const fresh = found.filter(({ id }) => !kept.some(({ candidate }) => candidate.id === id))
    for (const watch of gone) watch.stop()
    const made = fresh.map(candidate => this.#watch(candidate))
    this.#watches = [...kept, ...made].sort((a, b) => Number(b.candidate.isDefault) - Number(a.candidate.isDefault))
    for (const { candidate } of gone) this.#tell('deleted', candidate.id)
    for (const watch of made) {
      this.#tell('created', watch.candidate.id)
      watch.start()
    }
  }
}

function unavailable(engine: Engine | undefined): AppError {
  const trouble = engine?.trouble
  if (!trouble) return new AppError('ENGINE_UNAVAILABLE', 'The engine is being connected to; try again in a moment')
  return new AppError('ENGINE_UNAVAILABLE', `${trouble.message}. ${trouble.wayOut}`, trouble)
}

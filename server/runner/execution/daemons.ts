import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Assignment, RunDaemon } from '#contract/runners/runner-protocol'
import { writeWhole } from '../../whole-file.ts'
import type { Place } from '../places/place.ts'

/** `unknown`: the control plane has no such run any more. */
export type Told = 'told' | 'away' | 'unknown'

export interface DaemonsOptions {
  /** One file per run lies there: the list must outlive this process as its daemons do. */
  folder: string
  /** Throws when there is none of that name any more. */
  place(id: string): Pick<Place, 'living' | 'endProcess'>
  report(runId: string, daemons: readonly RunDaemon[]): Promise<Told>
  everyMs?: number
}

const daemon = z.object({ pid: z.int(), started: z.string(), command: z.string() })
/** `told`: what the control plane knows; null: nothing yet. */
const note = z.object({
  daemons: z.array(daemon),
  told: z.array(daemon).nullable(),
  place: z.string().default('host')
})
type Note = z.infer<typeof note>

const usualEveryMs = 5000
const suffix = '.json'

/** What agents started on purpose to outlive their runs: watched as long as it lives, told when it came or went. */
export class Daemons {
  private readonly options: DaemonsOptions
  private timer: NodeJS.Timeout | undefined
  private looking: Promise<void> = Promise.resolve()

  constructor(options: DaemonsOptions) {
    this.options = options
    mkdirSync(options.folder, { recursive: true, mode: 0o700 })
    void this.look()
  }

  keep({ runId, place }: Pick<Assignment, 'runId' | 'place'>, daemons: RunDaemon[]): void {
    if (daemons.length === 0) return
    this.write(runId, { daemons, told: null, place })
    void this.look()
  }

  /** Ends one, if it is still the one that is meant. */
  async stop(runId: string, pid: number, started: string): Promise<void> {
    const kept = this.read(runId)
    const known = kept?.daemons.find(one => one.pid === pid && one.started === started)
    if (kept && known) await this.options.place(kept.place).endProcess(known)
    await this.look()
  }

  /** Sees which are left and tells what changed; again in a while, as long as there are any. Never rejects. */
  private look(): Promise<void> {
    // One after the other: what one tells the next must know.
    this.looking = this.looking.then(() => this.lookOnce()).catch(() => {})
    return this.looking.then(() => this.lookLater())
  }

  private lookLater(): void {
    clearTimeout(this.timer)
    if (this.runs().length === 0) return
    this.timer = setTimeout(() => void this.look(), this.options.everyMs ?? usualEveryMs).unref()
  }

  private async lookOnce(): Promise<void> {
    for (const runId of this.runs()) {
      const known = this.read(runId)
      if (known === null) this.remove(runId)
      else await this.tell(runId, known)
    }
  }

  private async tell(runId: string, { daemons, told, place }: Note): Promise<void> {
    const living = await this.options.place(place).living(daemons)
    const known = told !== null && told.length === living.length
    const answer = known ? 'told' : await this.options.report(runId, living)
    if (answer === 'unknown' || (answer === 'told' && living.length === 0)) this.remove(runId)
    else if (answer === 'told' && !known) this.write(runId, { daemons: living, told: living, place })
  }

  private runs(): string[] {
    const { folder } = this.options
    // The whole data folder may be taken away.
    const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith(suffix)) : []
    return names.map(name => name.slice(0, -suffix.length))
  }

  private read(runId: string): Note | null {
    try {
      return note.parse(JSON.parse(readFileSync(this.fileOf(runId), 'utf8')))
    } catch {
      return null
    }
  }

  private write(runId: string, content: Note): void {
    writeWhole(this.fileOf(runId), JSON.stringify(content))
  }

  private remove(runId: string): void {
    rmSync(this.fileOf(runId), { force: true })
  }

  private fileOf(runId: string): string {
    return join(this.options.folder, runId + suffix)
  }
}

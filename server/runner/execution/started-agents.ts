import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Attempt, parseAttempt } from '../spool/spool.ts'

const suffix = '.started'

/** Which agents were started and are not yet told to have ended: on disk, for the runner that comes after a killed one. */
export class StartedAgents {
  private readonly folder: () => string

  /** `folder` is asked every time: it moves when the runner drains. */
  constructor(folder: () => string) {
    this.folder = folder
  }

  /** Those of a former process. */
  left(): Attempt[] {
    const names = readdirSync(this.folder()).filter(name => name.endsWith(suffix))
    return names.map(name => parseAttempt(name.slice(0, -suffix.length)))
  }

  /** Before the agent is started, so that none is ever started twice for one claim. */
  add(started: Attempt): void {
    writeFileSync(this.fileOf(started), '', { mode: 0o600 })
  }

  remove(started: Attempt): void {
    rmSync(this.fileOf(started), { force: true })
  }

  private fileOf({ runId, attempt }: Attempt): string {
    return join(this.folder(), `${runId}.${attempt}${suffix}`)
  }
}

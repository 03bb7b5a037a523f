import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Started {
  runId: string
  attempt: number
}

/** Which agents were started and are not yet told to have ended: on disk, for the runner that comes after a killed one. */
export class StartedAgents {
  private readonly folder: string
  private former: Started[]

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'started-agents')
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    this.former = readdirSync(this.folder).map(parseName)
  }

  /** Those of a former process, until the control plane knows. */
  get left(): readonly Started[] {
    return this.former
  }

  forgetLeft(): void {
    for (const started of this.former) this.remove(started)
    this.former = []
  }

  /** Before the agent is started, so that none is ever started twice for one claim. */
  add(started: Started): void {
    writeFileSync(this.fileOf(started), '', { mode: 0o600 })
  }

  remove(started: Started): void {
    rmSync(this.fileOf(started), { force: true })
  }

  private fileOf({ runId, attempt }: Started): string {
    return join(this.folder, `${runId}.${attempt}`)
  }
}

function parseName(name: string): Started {
  const dot = name.lastIndexOf('.')
  return { runId: name.slice(0, dot), attempt: Number(name.slice(dot + 1)) }
}

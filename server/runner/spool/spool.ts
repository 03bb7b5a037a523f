import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { SpoolFile, type SpoolLimits } from './spool-file.ts'

/** One execution of a run. */
export interface Attempt {
  runId: string
  attempt: number
}

/** What all runs of one runner keep on disk together, and one of them alone, in bytes. */
const usualLimits: SpoolLimits = { total: 256 * 1024 * 1024, file: 64 * 1024 * 1024 }
const suffix = '.items'

/** What could not be told yet, on disk while the control plane is away: one file per run and attempt. */
export class Spool {
  private readonly folder: () => string
  private readonly limits: SpoolLimits
  private readonly usage = { bytes: 0 }

  /** `folder` is asked every time: it moves when the runner drains. */
  constructor(folder: () => string, limits = usualLimits) {
    this.folder = folder
    this.limits = limits
  }

  file({ runId, attempt }: Attempt): SpoolFile {
    return new SpoolFile(() => join(this.folder(), `${runId}.${attempt}${suffix}`), this.limits, this.usage)
  }

  /** What a former process left; of a run that was executed twice only the last. */
  left(): Attempt[] {
    const names = readdirSync(this.folder()).filter(name => name.endsWith(suffix))
    const attempts = names.map(name => parseAttempt(name.slice(0, -suffix.length)))
    return [...new Map(attempts.sort((a, b) => a.attempt - b.attempt).map(left => [left.runId, left])).values()]
  }
}

export function parseAttempt(name: string): Attempt {
  const dot = name.lastIndexOf('.')
  return { runId: name.slice(0, dot), attempt: Number(name.slice(dot + 1)) }
}

import type { CheckpointFact, CheckpointKind } from '#contract/runs/checkpoints'
import type { Checkpoints, RunCheckpoints } from '../git/checkpoints.ts'

interface Options {
  folder: string
  runId: string
  /** Its folder is a private one. */
  alone: boolean
}

/** Checkpoints of the files of one run, from before its agent starts until it is gone. Never throws. */
export class FollowedFiles {
  private readonly checkpoints: Checkpoints | undefined
  private readonly options: Options
  private run: RunCheckpoints | null = null

  constructor(checkpoints: Checkpoints | undefined, options: Options) {
    this.checkpoints = checkpoints
    this.options = options
  }

  /** null: at this place none are taken. */
  async begin(signal: AbortSignal): Promise<CheckpointFact | null> {
    if (!this.checkpoints) return null
    const { folder, runId, alone } = this.options
    const begun = await this.checkpoints.begin(folder, { runId, alone }, signal).catch(failed)
    const first = 'type' in begun ? begun : await begun.take('start', signal)
    // Without a beginning there is nothing to hold what comes later against.
    if (first.type === 'taken' && !('type' in begun)) this.run = begun
    return first
  }

  /** null: it has none. */
  async take(kind: CheckpointKind): Promise<CheckpointFact | null> {
    return (await this.run?.take(kind)) ?? null
  }
}

function failed(error: unknown): Extract<CheckpointFact, { type: 'none' }> {
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'none', why: 'failed', message: message.slice(0, 1000) }
}

import type { Adjustment, Answer } from '../runtimes/runtime.ts'
import type { Attempt } from '../spool/spool.ts'

/** A run that this process holds. */
export interface RunHandle {
  run: Attempt
  /** Stops it; `now` skips the asking. */
  cancel(now: boolean): void
  /** Stops it at once and tells nobody: it is not ours any more. */
  abandon(): void
  readonly abandoned: boolean
  answer(answer: Answer): void
  /** Input waits; `interrupting`: it ends the turn that goes on. */
  lookForInput(interrupting: boolean): void
  adjust(adjustment: Adjustment): void
  /** The control plane is back; the last item stored there. */
  resume(acked: number): void
  /** Its agent is gone and all it said is on disk: nothing is lost when this process ends now. */
  readonly safe: boolean
  /** Resolves when the agent is gone and the end is stored, or nobody wants it. Never rejects. */
  done: Promise<void>
  /** A text without what the run was given in confidence. */
  clean(text: string): string
}

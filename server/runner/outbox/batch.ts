import type { Outcome } from '#contract/runners/runner-protocol'
import type { RunImage } from '#contract/runs/images'
import type { RunFailure } from '#contract/runs/runs'

/** How a run ended. */
export interface Finish {
  outcome: Outcome
  result: string | null
  error: RunFailure | null
  ts: string
}

/** The message that the agent shall read next. */
export interface NextMessage {
  text: string
  /** To be fetched. */
  images: readonly RunImage[]
}

/** What the control plane said to a batch. */
export type Reply =
  | { type: 'stored'; acked: number; next?: NextMessage | null | undefined }
  /** Items before the batch are missing there. */
  | { type: 'gap'; acked: number }
  /** More than gets through at once. */
  | { type: 'too large' }
  /** The run is not ours any more. */
  | { type: 'gone' }
  /** Nothing is known: try again later. */
  | { type: 'away' }

/** `items` are JSON texts, `deltas` is a JSON array; with `finish` the batch ends the run. */
export interface Batch {
  items: readonly string[]
  deltas: string
  finish: Finish | null
  /** The one before it may still be on its way: it is stored after that, or not at all. */
  follows: boolean
}

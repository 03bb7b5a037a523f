import type { EventKind } from '#contract/runs/events'

/** An event before it has its number. */
export interface EventDraft {
  /** ISO 8601; now when absent. */
  ts?: string
  kind: EventKind
  message: string
  data: Record<string, unknown>
  /** All of that as JSON text without the brace that opens it, where it came so. */
  text?: string | null
}

import type { Run } from '#contract/runs/runs'
import type { Reading } from '../domain.ts'

/** Of one run. */
const most = 1000

export interface ToolCall {
  name: string
  /** What it was used for, in a line. */
  summary: string
}

/** Tools that a run used, in their order; the first 1000. None is left where its events were let go. */
export function toolCallsOf({ store }: Pick<Reading, 'store'>, { number }: Pick<Run, 'number'>): ToolCall[] {
  return store.events.toolCalls(number, most).map(({ tool, message }) => ({ name: tool ?? message, summary: message }))
}

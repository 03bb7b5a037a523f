import type { Asked, Row, ToolCallRow } from './rows.ts'

/** How a tool call stands. Denied and stopped: a person wanted it so, nothing failed. */
export type ToolCallOutcome = 'waiting' | 'working' | 'done' | 'failed' | 'denied' | 'stopped' | 'silent'

/** `live`: the run goes on. `stopped`: a person stopped the run. */
export function outcomeOf({ result, approval }: ToolCallRow, live: boolean, stopped = false): ToolCallOutcome {
  const state = approval?.decision?.state
  if (state === 'denied') return 'denied'
  if (!result) {
    if (live) return approval && !approval.decision ? 'waiting' : 'working'
    return stopped || state === 'withdrawn' ? 'stopped' : 'silent'
  }
  if (!result.data.isError) return 'done'
  return result.data.stopped || state === 'withdrawn' || state === 'expired' ? 'stopped' : 'failed'
}

export function hasFailed(row: ToolCallRow): boolean {
  return row.result !== null && outcomeOf(row, false) === 'failed'
}

/** Edits shorter than this show at once. */
const shortEdit = 40

/** Failures, short edits and sub-agents at work need no click. */
export function opensByItself(row: ToolCallRow): boolean {
  const { use, result, children } = row
  if (!result) return use.toolKind === 'agent' && children.length > 0
  if (result.data.isError) return hasFailed(row)
  const changed = result.data.diff?.hunks.flatMap(hunk => hunk.lines).filter(line => !line.startsWith(' '))
  return changed !== undefined && changed.length < shortEdit
}

/** How long people were waited for inside of a call, in ms. Requests that wait side by side count each. */
export function waitedMs({ approval, children }: ToolCallRow): number {
  return children.reduce((sum, row) => sum + waitIn(row), approval ? waitOf(approval) : 0)
}

/** Until the agent was told, which may be later than the decision. */
function waitOf({ ts, decision, decidedTs }: Asked): number {
  return Math.max(0, decision?.waitedMs ?? 0, decidedTs ? Date.parse(decidedTs) - Date.parse(ts) : 0)
}

function waitIn(row: Row): number {
  return row.type === 'call' ? waitedMs(row) : 0
}

/** How long a call worked, in ms, without the wait for a person; null while it does. */
export function workedMs(row: ToolCallRow): number | null {
  const { ts, result } = row
  if (!result) return null
  return result.data.durationMs ?? Math.max(0, Date.parse(result.ts) - Date.parse(ts) - waitedMs(row))
}

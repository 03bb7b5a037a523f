import { daemons, type RunDaemon } from '#contract/runners/runner-protocol'

/** What the agent of a run left on purpose. */
export function daemonsOf(row: { daemons: string }): RunDaemon[] {
  return row.daemons === '[]' ? [] : daemons.parse(JSON.parse(row.daemons))
}

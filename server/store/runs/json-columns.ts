import { daemons, type RunDaemon } from '#contract/runners/runner-protocol'

/** What the agent of a run left on purpose. */
export function daemonsOf(row: { daemons: string }): RunDaemon[] {
  return row.daemons === '[]' ? [] : daemons.parse(JSON.parse(row.daemons))
}

/** What the runner of a run must have. */
export function labelsOfRun(row: { labels: string }): string[] {
  return JSON.parse(row.labels) as string[]
}

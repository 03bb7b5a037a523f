import { type Activity, activityHours } from '#contract/fleet/activity'
import type { Run } from '#contract/runs/runs'

const hourMs = 3_600_000

/** How long an agent was busy in each of the hours, in ms, the one under way last. */
export type Busy = readonly number[]

/**
 * What the server counted, and what happened since: of every run that is known, the part after the moment of the figures
 * is added, up to now where it goes on. So nothing is asked again when a run starts or ends.
 */
export function busyOf({ from, at, data }: Activity, runs: Iterable<Run>, now: number): ReadonlyMap<string, Busy> {
  const counted = Date.parse(at)
  const current = Math.max(now, counted)
  const first = current - (current % hourMs) - (activityHours - 1) * hourMs
  const gone = Math.round((first - Date.parse(from)) / hourMs)
  const empty = Array.from({ length: activityHours }, () => 0)
  const busy = new Map(data.map(({ agentId, busyMs }) => [agentId, empty.map((_, i) => busyMs[i + gone] ?? 0)]))
  for (const { agentId, startedAt, endedAt } of runs) {
    if (agentId === null || startedAt === null) continue
    const start = Math.max(Date.parse(startedAt), counted, first)
    const end = endedAt === null ? current : Math.min(Date.parse(endedAt), current)
    if (end <= start) continue
    const hours = busy.get(agentId) ?? [...empty]
    busy.set(agentId, hours)
    for (let hour = Math.floor((start - first) / hourMs); first + hour * hourMs < end; hour++) {
      const begins = first + hour * hourMs
      hours[hour] = (hours[hour] ?? 0) + Math.min(end, begins + hourMs) - Math.max(start, begins)
    }
  }
  return busy
}

/** As `after`; whoever was as busy before keeps the same figures, so that nothing of it is drawn again. */
export function keptBusy(
  before: ReadonlyMap<string, Busy>,
  after: ReadonlyMap<string, Busy>
): ReadonlyMap<string, Busy> {
  const sameOr = (hours: Busy, kept: Busy | undefined) =>
    kept?.every((ms, hour) => ms === hours[hour]) === true ? kept : hours
  return new Map([...after].map(([id, hours]) => [id, sameOr(hours, before.get(id))]))
}

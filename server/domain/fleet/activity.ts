import { type Activity, activityHours } from '#contract/fleet/activity'
import { iso } from '../../store/columns.ts'
import type { Domain } from '../domain.ts'
import { sees } from '../people/sight.ts'

const hourMs = 3_600_000

export async function activity(domain: Domain): Promise<Activity> {
  const now = domain.clock.now()
  const from = now - (now % hourMs) - (activityHours - 1) * hourMs
  const hours = Array.from({ length: activityHours }, (_, hour) => from + hour * hourMs)
  const rows = await domain.store.reader.ask('activity', { hours, now })
  const byAgent = Map.groupBy(rows, row => row.agent_id)
  const data = [...byAgent]
    .filter(([agentId]) => sees(domain, 'agents', agentId))
    .map(([agentId, its]) => ({
      agentId,
      busyMs: hours.map((_, hour) => its.find(row => row.hour === hour)?.busy_ms ?? 0)
    }))
  return { from: iso(from), at: iso(now), data }
}

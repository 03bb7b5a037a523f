import type { Database } from '../database.ts'

export interface ActivityRow {
  agent_id: string
  /** Which of the hours, from 0. */
  hour: number
  busy_ms: number
}

export interface ActivityQuestion {
  /** Where each hour begins, in ms. */
  hours: readonly number[]
  now: number
}

/** Runs that ended since then, and those that are held now; each is cut into the hours that it went on in. */
export function activityReadings(db: Database) {
  const byAgentAndHour = db.prepare<{ hours: string; from: number; now: number }, ActivityRow>(
    `WITH spans AS (
       SELECT agent_id, started_at, min(ended_at, :now) AS ended_at FROM runs
         WHERE ended_at > :from AND agent_id IS NOT NULL AND started_at IS NOT NULL
       UNION ALL
       SELECT agent_id, started_at, :now FROM runs
         WHERE status IN ('CLAIMED', 'RUNNING', 'WAITING') AND agent_id IS NOT NULL AND started_at IS NOT NULL)
     SELECT agent_id, hour.key AS hour,
       sum(min(ended_at, hour.value + 3600000) - max(started_at, hour.value)) AS busy_ms
     FROM spans JOIN json_each(:hours) AS hour ON started_at < hour.value + 3600000 AND ended_at > hour.value
     GROUP BY agent_id, hour.key ORDER BY agent_id`
  )
  return {
    activity: ({ hours, now }: ActivityQuestion): ActivityRow[] =>
      byAgentAndHour.all({ hours: JSON.stringify(hours), from: hours[0] ?? now, now })
  }
}

import Sqlite from 'better-sqlite3'
import { auditRows } from './audit/audit-rows.ts'
import { activityReadings } from './fleet/activity-readings.ts'
import { usageReadings } from './money/usage-readings.ts'
import { weightReadings } from './weights.ts'

/** What may take long to read, by name; each is asked of the reading thread. */
export type Readings = ReturnType<typeof openReadings>['readings']

export function openReadings(file: string) {
  const db = new Sqlite(file, { readonly: true, timeout: 2000 })
  return {
    readings: { ...auditRows(db), ...activityReadings(db), ...usageReadings(db), ...weightReadings(db) },
    close: () => void db.close()
  }
}

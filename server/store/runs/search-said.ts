import type { RunEvent } from '#contract/runs/events'
import type { Database } from '../database.ts'
import { searchText } from './search-text.ts'

/** Most agents say their result as they end; it is looked for in so many of their last events. */
const lastEvents = 50

/**
 * What of an event of a run can be found. The end of a run says its result as well, unless the agent had said just that before.
 * The database of the runs may be an attached one.
 */
export function saidBy(db: Database): (run: number, event: RunEvent) => string {
  const result = db
    .prepare<[number], string>(
      `SELECT result FROM runs WHERE number = ? AND result IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM events
         WHERE id > (number << 32) + max(0, last_seq - ${lastEvents}) AND id <= (number << 32) + last_seq
           AND body ->> '$.kind' = 'assistant' AND instr(body ->> '$.message', trim(result)) > 0)`
    )
    .pluck()
  return (run, event) =>
    searchText(event.kind === 'result' ? { ...event, data: { ...event.data, result: result.get(run) } } : event)
}

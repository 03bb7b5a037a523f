import type { Database } from '../database.ts'
import { eventsAfter } from './events.ts'
import type { RunRow } from './runs.ts'

/** Takes runs, or their events, out of the store. Big ones go in steps: what is left of them is swept by and by. */
export function removalStore(db: Database) {
  const statements = {
    inputs: db.prepare('DELETE FROM inputs WHERE run = ?'),
    approvals: db.prepare('DELETE FROM approvals WHERE run = ?'),
    rules: db.prepare('DELETE FROM approval_rules WHERE run = ?'),
    reservations: db.prepare('DELETE FROM budget_reservations WHERE run = ?'),
    run: db.prepare('DELETE FROM runs WHERE number = ?'),
    conversation: db.prepare('UPDATE agents SET session_run_id = NULL WHERE id = ? AND session_run_id = ?'),
    task: db.prepare('UPDATE tasks SET run_id = NULL WHERE id = ? AND run_id = ?'),
    queue: db.prepare('INSERT OR IGNORE INTO sweeps VALUES (?)'),
    swept: db.prepare('DELETE FROM sweeps WHERE run = ?'),
    events: db.prepare(`DELETE FROM events WHERE id IN (SELECT id FROM events WHERE ${eventsAfter} LIMIT ?)`),
    changedFiles: db.prepare('DELETE FROM file_changes WHERE run = ?'),
    checkpoints: db.prepare('DELETE FROM checkpoints WHERE run = ?'),
    reviewMarks: db.prepare('DELETE FROM review_marks WHERE run = ?'),
    reviewViews: db.prepare('DELETE FROM review_views WHERE run = ?'),
    reviewComments: db.prepare('DELETE FROM review_comments WHERE run = ?'),
    keptFiles: db.prepare('DELETE FROM kept_files WHERE run_id = (SELECT id FROM runs WHERE number = ?)'),
    netChanges: db.prepare('DELETE FROM net_changes WHERE run = ?'),
    emptied: db.prepare('UPDATE runs SET events_removed_at = ? WHERE number = ?')
  }
  const next = db.prepare<[], { run: number }>('SELECT run FROM sweeps LIMIT 1')
  const endedBefore = (more: string) =>
    db.prepare<[number, number], RunRow>(
      `SELECT * FROM runs AS r WHERE ended_at < ? AND ${more}
         AND NOT EXISTS (SELECT 1 FROM agents WHERE id = r.agent_id AND session_run_id = r.id)
       ORDER BY ended_at LIMIT ?`
    )
  const old = endedBefore('1 = 1')
  const full = endedBefore('events_removed_at IS NULL AND last_seq > 0')

  return {
    /** The run and all that hangs on it, but for its share of usage and what is written down in the audit log. */
    remove(run: RunRow): void {
      for (const name of [
        'inputs',
        'approvals',
        'rules',
        'reservations',
        'checkpoints',
        'netChanges',
        'keptFiles',
        'reviewMarks',
        'reviewViews',
        'reviewComments',
        'run'
      ] as const)
        statements[name].run(run.number)
      statements.conversation.run(run.agent_id, run.id)
      statements.task.run(run.task_id, run.id)
      statements.queue.run(run.number)
    },
    /** Only its events: prompt, result, cost and approvals stay. */
    empty(run: RunRow, now: number): void {
      statements.emptied.run(now, run.number)
      statements.queue.run(run.number)
    },
    hasSweeps: () => next.get() !== undefined,
    /** Deletes so many rows at most of what was let go. */
    sweep(limit: number): void {
      const { run } = next.get() ?? {}
      if (run === undefined) return
      if (statements.events.run(run, 0, run, limit).changes === limit) return
      statements.changedFiles.run(run)
      statements.swept.run(run)
    },
    /** Ended before a time, oldest first; the last run of an agent's conversation is not among them. */
    endedBefore: (time: number, limit: number) => old.all(time, limit),
    /** Those of them that have events. */
    fullBefore: (time: number, limit: number) => full.all(time, limit)
  }
}

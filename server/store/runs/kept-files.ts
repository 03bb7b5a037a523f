import type { KeptFiles } from '#contract/runs/undo'
import { insertRow, iso, isoOrNull, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'

export interface KeptFilesRow {
  id: string
  /** Id of the run. */
  run_id: string
  kind: KeptFiles['kind']
  checkpoint: number | null
  /** How many; null: its runner gave no answer. */
  files: number | null
  at: number
  until: number
  restored_at: number | null
  /** What the review of the run said then, as JSON. */
  marks: string
}

const mostListed = 100

export function keptFilesStore(db: Database) {
  const byId = db.prepare<[string], KeptFilesRow>('SELECT * FROM kept_files WHERE id = ?')
  const remove = db.prepare<[string]>('DELETE FROM kept_files WHERE id = ?')
  const ofRun = db.prepare<[string, number], KeptFilesRow>(
    'SELECT * FROM kept_files WHERE run_id = ? ORDER BY at DESC, id LIMIT ?'
  )
  return {
    add: insertRow<KeptFilesRow>(db, 'kept_files', [
      'id',
      'run_id',
      'kind',
      'checkpoint',
      'files',
      'at',
      'until',
      'restored_at',
      'marks'
    ]),
    update: partialUpdate<KeptFilesRow>(db, 'kept_files', 'id'),
    byId: (id: string) => byId.get(id),
    remove: (id: string) => remove.run(id),
    ofRun: (runId: string) => ofRun.all(runId, mostListed)
  }
}

export function toKeptFiles(row: KeptFilesRow): KeptFiles {
  return {
    id: row.id,
    runId: row.run_id,
    kind: row.kind,
    checkpoint: row.checkpoint,
    files: row.files,
    at: iso(row.at),
    until: iso(row.until),
    restoredAt: isoOrNull(row.restored_at)
  }
}

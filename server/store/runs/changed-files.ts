import type { ChangedFile } from '#contract/runs/changed-files'
import type { Database } from '../database.ts'

export interface FileEdit {
  run: number
  path: string
  created: number
  added: number
  removed: number
  seq: number
}

interface ChangedFileRow {
  path: string
  created: number
  added: number
  removed: number
  edits: number
  last_seq: number
}

export function changedFileStore(db: Database) {
  const upsert = db.prepare<FileEdit>(
    `INSERT INTO file_changes VALUES (@run, @path, @seq, @created, @added, @removed, 1, @seq)
     ON CONFLICT (run, path) DO UPDATE SET
       added = added + @added, removed = removed + @removed, edits = edits + 1, last_seq = @seq`
  )
  const ofRun = db.prepare<[number], ChangedFileRow>('SELECT * FROM file_changes WHERE run = ? ORDER BY position')
  return {
    add: (edit: FileEdit) => upsert.run(edit),
    ofRun: (run: number) => ofRun.all(run)
  }
}

export function toChangedFile(row: ChangedFileRow): ChangedFile {
  return {
    path: row.path,
    status: row.created === 1 ? 'added' : 'modified',
    oldPath: null,
    kind: 'file',
    known: 'edits',
    binary: false,
    added: row.added,
    removed: row.removed,
    bytes: null,
    kept: false,
    edits: row.edits,
    editPath: row.path,
    lastSeq: row.last_seq
  }
}

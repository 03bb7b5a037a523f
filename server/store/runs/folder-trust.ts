import { insertRow } from '../columns.ts'
import type { Database } from '../database.ts'

/** What was decided about one content of a folder. */
export interface FolderTrustRow {
  /** The request that was decided. */
  approval_id: string
  runner_id: string
  folder: string
  runtime: string
  content: string
  allowed: number
  /** The runner's question, as JSON. */
  question: string
  decided_by: string
  decided_at: number
}

type TrustSubject = Pick<FolderTrustRow, 'runner_id' | 'folder' | 'runtime'>

const columns = [
  'approval_id',
  'runner_id',
  'folder',
  'runtime',
  'content',
  'allowed',
  'question',
  'decided_by',
  'decided_at'
] as const

export function folderTrustStore(db: Database) {
  const of = 'folder = @folder AND runtime = @runtime AND runner_id = @runner_id'
  const decided = db.prepare<TrustSubject & { content: string }, FolderTrustRow>(
    `SELECT * FROM folder_trust WHERE ${of} AND content = @content ORDER BY decided_at DESC LIMIT 1`
  )
  const lastAllowed = db.prepare<TrustSubject, FolderTrustRow>(
    `SELECT * FROM folder_trust WHERE ${of} AND allowed = 1 ORDER BY decided_at DESC LIMIT 1`
  )
  const forget = db.prepare<TrustSubject & { content: string }>(
    `DELETE FROM folder_trust WHERE ${of} AND content = @content`
  )
  const byApproval = db.prepare<[string], FolderTrustRow>('SELECT * FROM folder_trust WHERE approval_id = ?')
  return {
    add: insertRow<FolderTrustRow>(db, 'folder_trust', columns),
    decided: (subject: TrustSubject, content: string) => decided.get({ ...subject, content }),
    lastAllowed: (subject: TrustSubject) => lastAllowed.get(subject),
    byApproval: (id: string) => byApproval.get(id),
    forget: ({ runner_id, folder, runtime, content }: TrustSubject & { content: string }) =>
      forget.run({ runner_id, folder, runtime, content })
  }
}

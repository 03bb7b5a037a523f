import type { ReviewComment, ReviewMark } from '#contract/runs/review'
import { insertRow, iso, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'

/** In place of the number of a hunk. */
export const wholeFile = -1

export interface MarkRow {
  run: number
  path: string
  hunk: number
  verdict: ReviewMark['verdict']
  author: string
  at: number
}

export interface ViewedRow {
  run: number
  path: string
  /** How the file was then: another one has not been looked at. */
  version: string
}

export interface CommentRow {
  id: string
  run: number
  path: string
  side: ReviewComment['side']
  line: number
  quote: string
  text: string
  author: string
  at: number
  sent_to: string | null
}

/** Of one run. */
const mostListed = 20_000

export function reviewStore(db: Database) {
  const marks = db.prepare<[number, number], MarkRow>(
    'SELECT * FROM review_marks WHERE run = ? ORDER BY path, hunk LIMIT ?'
  )
  const mark = db.prepare<MarkRow>(
    `INSERT INTO review_marks (run, path, hunk, verdict, author, at) VALUES (@run, @path, @hunk, @verdict, @author, @at)
     ON CONFLICT (run, path, hunk) DO UPDATE SET verdict = @verdict, author = @author, at = @at`
  )
  const unmark = db.prepare<[number, string, number]>(
    'DELETE FROM review_marks WHERE run = ? AND path = ? AND hunk = ?'
  )
  const unmarkFile = db.prepare<[number, string]>('DELETE FROM review_marks WHERE run = ? AND path = ?')
  const unmarkAll = db.prepare<[number]>('DELETE FROM review_marks WHERE run = ?')
  const viewed = db.prepare<[number, number], ViewedRow>('SELECT * FROM review_views WHERE run = ? LIMIT ?')
  const view = db.prepare<ViewedRow>(
    `INSERT INTO review_views (run, path, version) VALUES (@run, @path, @version)
     ON CONFLICT (run, path) DO UPDATE SET version = @version`
  )
  const unview = db.prepare<[number, string]>('DELETE FROM review_views WHERE run = ? AND path = ?')
  const comments = db.prepare<[number, number], CommentRow>(
    'SELECT * FROM review_comments WHERE run = ? ORDER BY at, id LIMIT ?'
  )
  const comment = db.prepare<[string], CommentRow>('SELECT * FROM review_comments WHERE id = ?')
  const removeComment = db.prepare<[string]>('DELETE FROM review_comments WHERE id = ?')
  return {
    marks: (run: number) => marks.all(run, mostListed),
    mark: (row: MarkRow) => mark.run(row),
    /** In the place of all there are. */
    setMarks(run: number, rows: readonly MarkRow[]): void {
      unmarkAll.run(run)
      for (const row of rows) mark.run(row)
    },
    unmark: (run: number, path: string, hunk: number) => unmark.run(run, path, hunk),
    unmarkFile: (run: number, path: string) => unmarkFile.run(run, path),
    viewed: (run: number) => viewed.all(run, mostListed),
    view: (row: ViewedRow) => view.run(row),
    unview: (run: number, path: string) => unview.run(run, path),
    comments: (run: number) => comments.all(run, mostListed),
    comment: (id: string) => comment.get(id),
    addComment: insertRow<CommentRow>(db, 'review_comments', [
      'id',
      'run',
      'path',
      'side',
      'line',
      'quote',
      'text',
      'author',
      'at',
      'sent_to'
    ]),
    changeComment: partialUpdate<CommentRow>(db, 'review_comments', 'id'),
    removeComment: (id: string) => removeComment.run(id)
  }
}

export function toMark(row: MarkRow): ReviewMark {
  return {
    path: row.path,
    hunk: row.hunk === wholeFile ? null : row.hunk,
    verdict: row.verdict,
    by: row.author,
    at: iso(row.at)
  }
}

export function toComment(row: CommentRow): ReviewComment {
  return {
    id: row.id,
    path: row.path,
    side: row.side,
    line: row.line,
    quote: row.quote,
    text: row.text,
    by: row.author,
    at: iso(row.at),
    sentTo: row.sent_to
  }
}

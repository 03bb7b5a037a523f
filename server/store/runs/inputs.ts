import type { RunInput } from '#contract/runs/runs'
import { iso } from '../columns.ts'
import type { Database } from '../database.ts'
import { imagesOf } from './images.ts'

export interface InputRow {
  run: number
  n: number
  position: number
  text: string
  status: RunInput['status']
  /** Number of the runner's turn item that this input answered. */
  turn: number | null
  created_at: number
  /** What is known of the images that came with it, as JSON. */
  images: string
}

export function inputStore(db: Database) {
  const queued = db.prepare<[number], InputRow>(
    "SELECT * FROM inputs WHERE run = ? AND status = 'queued' ORDER BY position"
  )
  const dropped = db.prepare<[number], InputRow>(
    "SELECT * FROM inputs WHERE run = ? AND status = 'dropped' ORDER BY position"
  )
  const ofRun = db.prepare<[number], InputRow>('SELECT * FROM inputs WHERE run = ?')
  const byN = db.prepare<[number, number], InputRow>('SELECT * FROM inputs WHERE run = ? AND n = ?')
  const last = db.prepare<[number], { n: number | null; position: number | null }>(
    'SELECT max(n) AS n, max(position) AS position FROM inputs WHERE run = ?'
  )
  const ofTurn = db.prepare<[number, number], InputRow>('SELECT * FROM inputs WHERE run = ? AND turn = ?')
  const insert = db.prepare<InputRow>(
    'INSERT INTO inputs VALUES (@run, @n, @position, @text, @status, @turn, @created_at, @images)'
  )
  const update = db.prepare<Pick<InputRow, 'run' | 'n' | 'text' | 'position' | 'status' | 'turn'>>(
    'UPDATE inputs SET text = @text, position = @position, status = @status, turn = @turn WHERE run = @run AND n = @n'
  )
  const remove = db.prepare('DELETE FROM inputs WHERE run = ? AND n = ?')
  return {
    queued: (run: number) => queued.all(run),
    dropped: (run: number) => dropped.all(run),
    ofRun: (run: number) => ofRun.all(run),
    byN: (run: number, n: number) => byN.get(run, n),
    last: (run: number) => last.get(run) ?? { n: null, position: null },
    ofTurn: (run: number, turn: number) => ofTurn.get(run, turn),
    insert: (row: InputRow) => insert.run(row),
    update: (row: InputRow) => update.run(row),
    remove: (run: number, n: number) => remove.run(run, n)
  }
}

export function toInput(row: InputRow): RunInput {
  return { n: row.n, text: row.text, images: imagesOf(row), status: row.status, createdAt: iso(row.created_at) }
}

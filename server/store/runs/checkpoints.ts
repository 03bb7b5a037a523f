import type { CheckpointKind } from '#contract/runs/checkpoints'
import { insertRow } from '../columns.ts'
import type { Database } from '../database.ts'

export interface CheckpointRow {
  run: number
  n: number
  kind: CheckpointKind
  at: number
  /** The last event of its run before it. */
  seq: number
  root: string
  commit_id: string
  branch: string | null
}

/** What the files of a run came to at a look. */
export interface NetChangesRow {
  run: number
  at: number
  /** The last event of its run before that look. */
  seq: number
  /** A set of changes, as JSON; null: there are no checkpoints. */
  changes: string | null
  /** Why there are none, as JSON. */
  without: string | null
}

/** Of one run, beside its first one. */
const mostListed = 200

export function checkpointStore(db: Database) {
  const insert = insertRow<CheckpointRow>(db, 'checkpoints', [
    'run',
    'n',
    'kind',
    'at',
    'seq',
    'root',
    'commit_id',
    'branch'
  ])
  const last = db.prepare<[number], CheckpointRow>('SELECT * FROM checkpoints WHERE run = ? ORDER BY n DESC LIMIT 1')
  const first = db.prepare<[number], CheckpointRow>('SELECT * FROM checkpoints WHERE run = ? ORDER BY n LIMIT 1')
  const latest = db.prepare<[number, number], CheckpointRow>(
    'SELECT * FROM checkpoints WHERE run = ? AND n > 0 ORDER BY n DESC LIMIT ?'
  )
  const upsert = db.prepare<NetChangesRow>(
    `INSERT INTO net_changes VALUES (@run, @at, @seq, @changes, @without)
     ON CONFLICT (run) DO UPDATE SET at = @at, seq = @seq, changes = @changes, without = @without`
  )
  const net = db.prepare<[number], NetChangesRow>('SELECT * FROM net_changes WHERE run = ?')
  const byNumber = db.prepare<[number, number], CheckpointRow>('SELECT * FROM checkpoints WHERE run = ? AND n = ?')
  const working = db.prepare<[string, number], { id: string; number: number }>(
    `SELECT r.id, r.number FROM runs AS r JOIN checkpoints AS c ON c.run = r.number AND c.n = 0
     WHERE r.status IN ('CLAIMED', 'RUNNING', 'WAITING') AND c.root = ? AND r.number <> ? LIMIT 20`
  )
  return {
    add: (row: Omit<CheckpointRow, 'n'>) => insert({ ...row, n: (last.get(row.run)?.n ?? -1) + 1 }),
    first: (run: number) => first.get(run),
    last: (run: number) => last.get(run),
    byNumber: (run: number, n: number) => byNumber.get(run, n),
    /** Runs that work in this repository, other than one. */
    working: (root: string, except: number) => working.all(root, except),
    /** The first one and the latest, in their order. */
    list(run: number): CheckpointRow[] {
      const start = first.get(run)
      return start ? [start, ...latest.all(run, mostListed).reverse()] : []
    },
    keepNet: (row: NetChangesRow) => upsert.run(row),
    net: (run: number) => net.get(run)
  }
}

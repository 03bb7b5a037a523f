import type { ActorKind, AuditEntry, AuditFault, NamedAuditEntry } from '#contract/audit/audit'
import { iso } from '../columns.ts'
import type { Database } from '../database.ts'
import { type AuditRow, hashOf } from './audit.ts'
import { auditNames } from './audit-names.ts'

export interface AuditFilter {
  actor: string | null
  /** Kinds of actors; null: all. */
  kinds: readonly ActorKind[] | null
  agentId: string | null
  target: string | null
  /** In lower case; each must be found. */
  words: readonly string[]
  /** A kind of thing, or an action with its dot. */
  type: string | null
  from: number | null
  to: number | null
  outcome: string | null
}

/** Entries after `after` up to `upTo`, at most `limit` of them. */
export interface AuditSpan {
  after: number
  upTo: number
  limit: number
}

/** The way through the chain so far. */
export interface AuditChecked {
  seq: number
  hash: string
  fault: AuditFault | null
}

/** Reads the audit over a connection of its own. */
export function auditRows(db: Database) {
  const span = db.prepare<[number, number, number], AuditRow>(
    'SELECT * FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?'
  )
  const bySeq = db.prepare<[number], AuditRow>('SELECT * FROM audit WHERE seq = ?')
  const namesOf = auditNames(db)
  const named = (rows: AuditRow[]): NamedAuditEntry[] => {
    const names = namesOf(rows)
    return rows.map((row, at) => ({ ...toEntry(row), targetName: names[at] ?? null }))
  }
  const byHash = db.prepare<[Buffer], { seq: number }>('SELECT seq FROM audit WHERE hash = ?')

  return {
    /** A page, newest first, and how many match in all. */
    auditPage({ filter, limit, offset }: { filter: AuditFilter; limit: number; offset: number }) {
      const { where, values } = conditions(filter)
      const counted = db.prepare<unknown[], { n: number }>(`SELECT count(*) AS n FROM audit WHERE ${where}`)
      const page = db.prepare<unknown[], AuditRow>(
        `SELECT * FROM audit WHERE ${where} ORDER BY seq DESC LIMIT ? OFFSET ?`
      )
      return { items: named(page.all(...values, limit, offset)), total: counted.get(...values)?.n ?? 0 }
    },
    auditEntry: ({ seq }: { seq: number }): NamedAuditEntry | null => named(bySeq.all(seq))[0] ?? null,
    /** Matching entries of a span, oldest first, and the number of the last one looked at; null: there are no more. */
    auditSpan({ filter, ...part }: AuditSpan & { filter: AuditFilter }): {
      entries: AuditEntry[]
      last: number | null
    } {
      const { where, values } = conditions(filter)
      const rows = db
        .prepare<unknown[], AuditRow>(
          `SELECT * FROM audit WHERE seq > ? AND seq <= ? AND ${where} ORDER BY seq LIMIT ?`
        )
        .all(part.after, part.upTo, ...values, part.limit)
      return { entries: rows.map(toEntry), last: rows.length < part.limit ? null : (rows.at(-1)?.seq ?? null) }
    },
    /** Goes on checking after an entry that was found in order. */
    auditCheck({
      from,
      upTo,
      limit
    }: {
      from: { seq: number; hash: string }
      upTo: number
      limit: number
    }): AuditChecked {
      let { seq, hash } = from
      for (const row of span.all(seq, upTo, limit)) {
        const fault = faultOf(row, seq + 1, hash)
        if (fault) return { seq, hash, fault }
        seq = row.seq
        hash = row.hash.toString('hex')
      }
      return { seq, hash, fault: null }
    }
  }

  function faultOf(row: AuditRow, expected: number, prev: string): AuditFault | null {
    if (row.seq !== expected) return { kind: 'removed', seq: expected, message: `Entry ${expected} is missing` }
    if (row.prev.toString('hex') !== prev) {
      const moved = byHash.get(row.prev)
      return moved
        ? {
            kind: 'reordered',
            seq: row.seq,
            message: `Entry ${row.seq} follows on entry ${moved.seq}: their order was changed`
          }
        : { kind: 'edited', seq: row.seq, message: `Entry ${row.seq} does not follow on the one ahead of it` }
    }
    if (hashOf(row).equals(row.hash)) return null
    return { kind: 'edited', seq: row.seq, message: `Entry ${row.seq} was changed after it was written` }
  }
}

const searched = ['actor_name', 'action', 'target', "coalesce(before, '')", "coalesce(after, '')"].join(" || ' ' || ")

function conditions(filter: AuditFilter): { where: string; values: (string | number)[] } {
  const tests: [string, string | number | null][] = [
    ['(actor_id = ?1 OR actor_name = ?1)', filter.actor],
    ['agent_id = ?1', filter.agentId],
    ['target = ?1', filter.target],
    [filter.type?.includes('.') ? 'action = ?1' : 'noun = ?1', filter.type],
    ['ts >= ?1', filter.from],
    ['ts <= ?1', filter.to],
    ['outcome = ?1', filter.outcome]
  ]
  const where: string[] = []
  const values: (string | number)[] = []
  for (const [test, value] of tests) {
    if (value === null) continue
    const times = test.split('?1').length - 1
    where.push(test.replaceAll('?1', '?'))
    for (let n = 0; n < times; n++) values.push(value)
  }
  if (filter.kinds) {
    where.push(`actor_kind IN (${filter.kinds.map(() => '?').join()})`)
    values.push(...filter.kinds)
  }
  for (const word of filter.words) {
    where.push(`instr(lower(${searched}), ?) > 0`)
    values.push(word)
  }
  return { where: where.join(' AND ') || 'TRUE', values }
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    seq: row.seq,
    ts: iso(row.ts),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name, ip: row.ip, via: row.via },
    action: row.action,
    target: { type: row.noun, id: row.target },
    agentId: row.agent_id,
    outcome: row.outcome,
    before: row.before === null ? null : JSON.parse(row.before),
    after: row.after === null ? null : JSON.parse(row.after),
    prev: row.prev.toString('hex'),
    hash: row.hash.toString('hex')
  }
}

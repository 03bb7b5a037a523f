import { hash as digest } from 'node:crypto'
import type { Actor, AuditOutcome } from '#contract/audit/audit'
import { insertRow } from '../columns.ts'
import type { Database } from '../database.ts'
import { audited, watchRows } from './audited.ts'
import { deedOf } from './differences.ts'

/** The columns of an entry that its hash covers, in the order in which it does; `prev` comes last. */
export interface AuditFacts {
  seq: number
  ts: number
  actor_kind: Actor['kind']
  actor_id: string
  actor_name: string
  ip: string | null
  via: string
  action: string
  noun: string
  target: string
  agent_id: string | null
  outcome: AuditOutcome
  before: string | null
  after: string | null
  prev: Buffer
}

export interface AuditRow extends AuditFacts {
  hash: Buffer
}

/** Something that was done, as far as it is known where it is done. */
export interface Deed {
  action: string
  noun: string
  target: string
  agentId?: string | null
  outcome?: AuditOutcome
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
}

/** Seals the end of the chain with the key of the installation: who can write the file cannot forge it. */
export interface Seal {
  seal(context: string, text: string): Buffer
  open(context: string, sealed: Buffer): string
}

export interface AuditHead {
  seq: number
  hash: Buffer
}

/** Writes down who changed what, inside of the transaction that changes it. */
export interface Ledger {
  /** Runs a job; what it changed is written down as done by `by`. */
  record<T>(by: Actor, job: () => T): T
  /** Runs a group of jobs; the end of the chain is kept with it. */
  group<T>(jobs: () => T): T
}

export interface AuditStore extends Ledger {
  /** Inside of a job: notes what no change of a table tells. */
  note(deed: Deed): void
  /** The end of the chain as it was sealed; null when its record is missing or was not made by this installation. */
  head(): AuditHead | null
  /** Number of the newest entry. */
  end(): number
}

const sealContext = 'audit:head'
const noHash = Buffer.alloc(32)
const columns = [
  'seq',
  'ts',
  'actor_kind',
  'actor_id',
  'actor_name',
  'ip',
  'via',
  'action',
  'noun',
  'target',
  'agent_id',
  'outcome',
  'before',
  'after',
  'prev',
  'hash'
] as const

export interface AuditOptions {
  vault: Seal
  clock: { now(): number }
}

export function auditStore(db: Database, options: AuditOptions): AuditStore {
  const chain = openChain(db, options)
  let deeds: Deed[] | null = null

  function note(deed: Deed): void {
    if (deeds === null) throw new Error(`${deed.action} outside of a write`)
    deeds.push(deed)
  }

  watchRows(db, (entry, target, agentId, before, after) => {
    const thing = audited[entry]
    const deed = thing && deedOf(thing, before, after)
    if (deed) note({ noun: thing.noun, target, agentId, ...deed })
  })

  return {
    note,
    head: chain.sealed,
    end: () => chain.stored()?.seq ?? Number.MAX_SAFE_INTEGER,
    record(by, job) {
      const end = chain.end
      deeds = []
      try {
        const value = job()
        for (const deed of deeds) chain.append(by, deed)
        return value
      } catch (error) {
        chain.end = end
        throw error
      } finally {
        deeds = null
      }
    },
    group(jobs) {
      chain.end = null
      const value = jobs()
      chain.keepEnd()
      return value
    }
  }
}

function openChain(db: Database, { vault, clock }: AuditOptions) {
  const insert = insertRow<AuditRow>(db, 'audit', columns)
  const readHead = db.prepare<[], AuditHead & { seal: Buffer }>('SELECT seq, hash, seal FROM audit_head')
  const writeHead = db.prepare<[number, Buffer, Buffer]>(
    'INSERT INTO audit_head VALUES (1, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, seal = excluded.seal'
  )
  const anyRow = db.prepare<[], { seq: number }>('SELECT seq FROM audit LIMIT 1')

  const chain = {
    /** Read when a group first needs it, for what a failed group appended never was. */
    end: null as AuditHead | null,
    append(by: Actor, deed: Deed): void {
      const end = chain.end ?? readHead.get() ?? { seq: 0, hash: noHash }
      const row: AuditFacts = {
        seq: end.seq + 1,
        ts: clock.now(),
        actor_kind: by.kind,
        actor_id: by.id,
        actor_name: by.name,
        ip: by.ip,
        via: by.via,
        action: deed.action,
        noun: deed.noun,
        target: deed.target,
        agent_id: deed.agentId ?? null,
        outcome: deed.outcome ?? 'ok',
        before: deed.before ? JSON.stringify(deed.before) : null,
        after: deed.after ? JSON.stringify(deed.after) : null,
        prev: end.hash
      }
      const hash = hashOf(row)
      insert({ ...row, hash })
      chain.end = { seq: row.seq, hash }
    },
    keepEnd(): void {
      if (chain.end) writeHead.run(chain.end.seq, chain.end.hash, vault.seal(sealContext, sealText(chain.end)))
    },
    stored: () => readHead.get(),
    sealed(): AuditHead | null {
      const row = readHead.get()
      if (!row) return null
      try {
        return vault.open(sealContext, row.seal) === sealText(row) ? row : null
      } catch {
        return null
      }
    }
  }

  // From the first moment on, so that a record that is missing later was taken away.
  if (!readHead.get() && !anyRow.get()) {
    chain.end = { seq: 0, hash: noHash }
    chain.keepEnd()
  }
  return chain
}

function sealText({ seq, hash }: AuditHead): string {
  return `${seq} ${hash.toString('hex')}`
}

/** The contract says what the hash covers; see `auditEntry`. */
export function hashOf(row: AuditFacts): Buffer {
  const { seq, ts, actor_kind, actor_id, actor_name, ip, via, action, noun, target, agent_id, outcome } = row
  const who = [actor_kind, actor_id, actor_name, ip, via]
  const what = [action, noun, target, agent_id, outcome, row.before, row.after]
  return digest('sha256', JSON.stringify([seq, ts, ...who, ...what, row.prev.toString('hex')]), 'buffer')
}

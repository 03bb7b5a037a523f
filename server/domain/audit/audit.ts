import type { z } from 'zod'
import type {
  Actor,
  ActorKind,
  AuditEntry,
  AuditFault,
  exportAudit,
  listAudit,
  NamedAuditEntry,
  verifyAudit
} from '#contract/audit/audit'
import { Missing } from '#contract/errors'
import type { AuditHead, Deed } from '../../store/audit/audit.ts'
import type { AuditFilter } from '../../store/audit/audit-rows.ts'
import type { ReadingAnswer } from '../../store/reader.ts'
import type { Domain } from '../domain.ts'
import { referredAgent } from '../fleet/agents.ts'

type Page = Pick<z.output<typeof listAudit.query>, 'limit' | 'offset'>

/** Which entries; `kinds` of actors besides, or instead of, a certain one. */
export type AuditQuery = Omit<z.output<typeof exportAudit.query>, 'format' | 'kind'> & { kinds?: readonly ActorKind[] }
type Verdict = z.output<typeof verifyAudit.output>

/** Entries read in one go by the reading thread, so that others have their turn in between. */
const pieceSize = 1000

/** Inside of a write: notes what no change of a stored thing tells, such as a link that was made. */
export function auditDeed(domain: Pick<Domain, 'store'>, deed: Deed): void {
  domain.store.audit.note(deed)
}

/** Writes down an attempt that was turned away; `after` may say why, and never what was tried. */
export async function auditRefusal(
  domain: Pick<Domain, 'store'>,
  by: Actor,
  deed: Omit<Deed, 'outcome'>
): Promise<void> {
  await domain.store.writer.write(() => auditDeed(domain, { ...deed, outcome: 'refused' }), by)
}

export function listEntries(
  domain: Domain,
  query: AuditQuery & Page
): Promise<{ items: NamedAuditEntry[]; total: number }> {
  const { limit, offset } = query
  return domain.store.reader.ask('auditPage', { filter: filterOf(domain, query), limit, offset })
}

/** Throws NOT_FOUND. */
export async function entryBySeq(domain: Pick<Domain, 'store'>, seq: number): Promise<NamedAuditEntry> {
  const entry = await domain.store.reader.ask('auditEntry', { seq })
  if (!entry) throw new Missing('audit entry', String(seq))
  return entry
}

function filterOf(domain: Domain, query: AuditQuery): AuditFilter {
  return {
    actor: query.actor ?? null,
    kinds: query.kinds ?? null,
    agentId: query.agentId === undefined ? null : referredAgent(domain, 'agentId', query.agentId).id,
    target: query.target ?? null,
    words: query.search?.toLowerCase().split(/\s+/).filter(Boolean) ?? [],
    type: query.type ?? null,
    from: query.from === undefined ? null : Date.parse(query.from),
    to: query.to === undefined ? null : Date.parse(query.to),
    outcome: query.status ?? null
  }
}

/** All that match as it stands now, oldest first, in pieces. Throws UNKNOWN_AGENT at once. */
export function exportEntries(domain: Domain, query: AuditQuery): AsyncIterable<AuditEntry[]> {
  const filter = filterOf(domain, query)
  const upTo = domain.store.audit.end()
  return (async function* pieces() {
    for (let after: number | null = 0; after !== null; ) {
      const piece: ReadingAnswer<'auditSpan'> = await domain.store.reader.ask('auditSpan', {
        filter,
        after,
        upTo,
        limit: pieceSize
      })
      if (piece.entries.length > 0) yield piece.entries
      after = piece.last
    }
  })()
}

/** Walks the whole chain in the reading thread, and compares its end with the sealed one. */
export async function verifyEntries(domain: Pick<Domain, 'store'>): Promise<Verdict> {
  const head = domain.store.audit.head()
  const upTo = head?.seq ?? Number.MAX_SAFE_INTEGER
  let from = { seq: 0, hash: '0'.repeat(64) }
  for (;;) {
    const { fault, ...checked } = await domain.store.reader.ask('auditCheck', { from, upTo, limit: pieceSize })
    const stands = checked.seq === from.seq
    from = checked
    if (fault || stands) return verdict(head, from, fault ?? endFault(head, from))
  }
}

function verdict(head: AuditHead | null, end: { seq: number }, fault: AuditFault | null): Verdict {
  return { ok: fault === null, entries: head?.seq ?? end.seq, checked: end.seq, fault }
}

function endFault(head: AuditHead | null, end: { seq: number; hash: string }): AuditFault | null {
  if (!head)
    return {
      kind: 'head',
      seq: null,
      message: 'The sealed record of the end is missing, or another installation made it'
    }
  if (end.seq < head.seq) {
    const missing = head.seq - end.seq
    return {
      kind: 'cut',
      seq: end.seq + 1,
      message: `The newest ${missing} entries are missing, from ${end.seq + 1} on`
    }
  }
  if (end.hash === head.hash.toString('hex')) return null
  return {
    kind: 'edited',
    seq: end.seq,
    message: `The chain was written anew: its end at ${end.seq} is not the sealed one`
  }
}

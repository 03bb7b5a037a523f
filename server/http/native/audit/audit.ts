import {
  type ActorKind,
  type AuditEntry,
  exportAudit,
  getAuditEntry,
  listAudit,
  verifyAudit
} from '#contract/audit/audit'
import { entryBySeq, exportEntries, listEntries, verifyEntries } from '../../../domain/audit/audit.ts'
import { type AuditColumns, paginated, type Route, type Services, sendAudit, stream, wait } from '../../for-faces.ts'

const columns: AuditColumns<AuditEntry> = {
  seq: entry => entry.seq,
  ts: entry => entry.ts,
  actor_kind: entry => entry.actor.kind,
  actor_id: entry => entry.actor.id,
  actor_name: entry => entry.actor.name,
  ip: entry => entry.actor.ip,
  via: entry => entry.actor.via,
  action: entry => entry.action,
  target_type: entry => entry.target.type,
  target_id: entry => entry.target.id,
  agent_id: entry => entry.agentId,
  outcome: entry => entry.outcome,
  before: entry => entry.before && JSON.stringify(entry.before),
  after: entry => entry.after && JSON.stringify(entry.after),
  prev: entry => entry.prev,
  hash: entry => entry.hash
}

export function auditRoutes(services: Services): Route[] {
  return [
    wait(listAudit, async ({ domain, query }) =>
      paginated(query, await listEntries(domain, { ...query, ...ofKind(query) }))
    ),
    wait(getAuditEntry, ({ domain, params }) => entryBySeq(domain, params.seq)),
    wait(verifyAudit, ({ domain }) => verifyEntries(domain)),
    stream(
      exportAudit,
      () => ({ body: '{"data":[]}' }),
      call => {
        const { domain, query } = call
        const { format } = query
        const entries = exportEntries(domain, { ...query, ...ofKind(query) })
        sendAudit(services, call, { format, entries, record: entry => entry, columns })
        return true
      }
    )
  ]
}

function ofKind({ kind }: { kind?: ActorKind | undefined }): { kinds?: ActorKind[] } {
  return kind === undefined ? {} : { kinds: [kind] }
}

import { z } from 'zod'
import { auditEntry, auditFormats, exportAudit as ourExport } from '#contract/audit/audit'
import { endpoint, page, timestamp } from '#contract/endpoint'
import { paging } from './parts.ts'

const moment = z.iso.datetime({ offset: true })
const auditStatuses = ['success', 'failure'] as const

const auditFilter = z.object({
  actor: z.string().max(200).optional().describe('Id or name; `system` is what happened by itself'),
  agentId: z.string().max(64).optional(),
  type: z.string().max(100).optional().describe('A kind of thing (`agent`) or an action (`agent.changed`)'),
  from: moment.optional(),
  to: moment.optional(),
  status: z.enum(auditStatuses).optional()
})

export const auditRecord = z
  .object({
    id: z.string(),
    timestamp,
    actor: z.string(),
    actorId: z.string(),
    actorType: auditEntry.shape.actor.shape.kind,
    ip: z.string().nullable(),
    action: z.string(),
    target: auditEntry.shape.target,
    agentId: z.string().nullable(),
    status: z.enum(auditStatuses),
    before: auditEntry.shape.before,
    after: auditEntry.shape.after,
    previousHash: z.string(),
    hash: z.string()
  })
  .meta({ id: 'AuditEntry' })

export const listAudit = endpoint({
  id: 'listAudit',
  method: 'GET',
  path: '/api/audit',
  tag: 'audit',
  summary: 'Who did what, most recent first',
  scope: 'admin',
  query: paging.extend(auditFilter.shape),
  output: page(auditRecord),
  errors: ['UNKNOWN_AGENT']
})

export const exportAudit = endpoint({
  id: 'exportAudit',
  method: 'GET',
  path: '/api/audit/export',
  tag: 'audit',
  summary: 'All entries that match, oldest first, as a file, with the whole chain',
  scope: 'admin',
  query: ourExport.query
    .omit({ kind: true })
    .extend({ ...auditFilter.shape, format: z.enum(auditFormats).default('json') }),
  output: z.object({ data: z.array(auditRecord) }),
  errors: ['UNKNOWN_AGENT'],
  stream: 'text/csv'
})

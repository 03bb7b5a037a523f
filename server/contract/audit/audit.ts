import { z } from 'zod'
import { endpoint, page, pageQuery, queryInt, timestamp } from '../endpoint.ts'

export const actorKinds = ['owner', 'session', 'token', 'key', 'runner', 'scheduler', 'system', 'visitor'] as const
export type ActorKind = (typeof actorKinds)[number]

/** Who did something, and from where. */
export const actor = z.object({
  kind: z.enum(actorKinds),
  id: z.string(),
  name: z.string(),
  ip: z.string().nullable(),
  via: z.string().describe('The request, duty or part of the program that did it')
})
export type Actor = z.infer<typeof actor>

export const auditOutcomes = ['ok', 'refused'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

const facts = z.record(z.string(), z.unknown()).nullable()

/**
 * One thing that was done. Entries are numbered without gaps and chained: `hash` is the SHA-256 of the JSON array
 * `[seq, ts in ms, actor.kind, actor.id, actor.name, actor.ip, actor.via, action, target.type, target.id, agentId, outcome,
 * before, after, prev]` as UTF-8, where `before` and `after` stand as JSON text or null, and `prev` is the hash of the entry
 * ahead; that of the first one is 64 zeros.
 */
export const auditEntry = z
  .object({
    seq: z.int().min(1),
    ts: timestamp,
    actor,
    action: z
      .string()
      .describe('What was done to what, for example `agent.changed`, `run.succeeded`, `approval.approved`'),
    target: z.object({ type: z.string(), id: z.string() }),
    agentId: z.string().nullable().describe('The agent that it concerns'),
    outcome: z.enum(auditOutcomes),
    before: facts.describe(
      'Changed fields as they were; null for what is new. Values that must stay secret are left out'
    ),
    after: facts.describe('Changed fields as they are since; null for what is gone'),
    prev: z.string(),
    hash: z.string()
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof auditEntry>

/** An entry with what the thing is called today, which is no part of the chain; null: it is gone, or has no name. */
const namedEntry = auditEntry.extend({ targetName: z.string().nullable() }).meta({ id: 'NamedAuditEntry' })
export type NamedAuditEntry = z.infer<typeof namedEntry>

const filter = z.object({
  actor: z.string().max(200).optional().describe('Id or name of who did it'),
  agentId: z.string().max(64).optional().describe('Id or slug'),
  target: z.string().max(200).optional().describe('Id of the thing that it was done to'),
  search: z
    .string()
    .max(200)
    .optional()
    .describe('Words that must all be found in who, what, to what, and what was before and after'),
  type: z.string().max(100).optional().describe('A kind of thing (`agent`) or an action (`agent.changed`)'),
  from: timestamp.optional(),
  to: timestamp.optional(),
  status: z.enum(auditOutcomes).optional(),
  kind: z.enum(actorKinds).optional().describe('Through what it was done')
})

export const listAudit = endpoint({
  id: 'listAudit',
  method: 'GET',
  path: '/api/v1/audit',
  tag: 'audit',
  summary: 'Who did what, most recent first',
  scope: 'admin',
  query: pageQuery.extend(filter.shape),
  output: page(namedEntry),
  errors: ['UNKNOWN_AGENT']
})

export const getAuditEntry = endpoint({
  id: 'getAuditEntry',
  method: 'GET',
  path: '/api/v1/audit/entries/:seq',
  tag: 'audit',
  summary: 'One entry by its number',
  scope: 'admin',
  params: z.object({ seq: queryInt(1, Number.MAX_SAFE_INTEGER) }),
  output: namedEntry,
  errors: ['NOT_FOUND']
})

/** `edited`, `removed` and `reordered` name the first entry that is wrong; `cut`: the newest entries are missing. */
export const auditFaults = ['edited', 'removed', 'reordered', 'cut', 'head'] as const

export const verifyAudit = endpoint({
  id: 'verifyAudit',
  method: 'GET',
  path: '/api/v1/audit/verify',
  tag: 'audit',
  summary: 'Check the chain of all entries against itself and against the sealed record of its end',
  scope: 'admin',
  output: z.object({
    ok: z.boolean(),
    entries: z.int().describe('Entries that should be there'),
    checked: z.int().describe('Entries that were found in order'),
    fault: z
      .object({ kind: z.enum(auditFaults), seq: z.int().nullable(), message: z.string() })
      .nullable()
      .describe('The first one that was found')
  })
})
export type AuditFault = NonNullable<z.infer<typeof verifyAudit.output>['fault']>

export const auditFormats = ['json', 'csv'] as const
/** `jsonl` is one entry a line. */
export const exportFormats = [...auditFormats, 'jsonl'] as const

export const exportAudit = endpoint({
  id: 'exportAudit',
  method: 'GET',
  path: '/api/v1/audit/export',
  tag: 'audit',
  summary: 'All entries that match, oldest first, as a file; the hash chain is in it',
  scope: 'admin',
  query: filter.extend({ format: z.enum(exportFormats).default('json') }),
  output: z.object({ data: z.array(auditEntry) }),
  errors: ['UNKNOWN_AGENT'],
  lines: auditEntry,
  stream: 'text/csv'
})

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import type { z } from 'zod'
import type { AuditEntry, exportAudit } from '#contract/audit/audit'
import { exportEntries } from '../domain/audit/audit.ts'
import type { Context } from './context.ts'
import { csvLine } from './csv.ts'

/** Answers with all entries that match, as a file. */
export function sendAudit(
  { domain, log }: Context,
  query: z.output<typeof exportAudit.query>,
  response: Response
): void {
  const pieces = exportEntries(domain, query)
  const day = new Date(domain.clock.now()).toISOString().slice(0, 10)
  response.type(query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json')
  response.setHeader('Content-Disposition', `attachment; filename="flotilla-audit-${day}.${query.format}"`)
  if (response.req.method === 'HEAD') {
    response.end()
    return
  }
  const text = Readable.from(query.format === 'csv' ? asCsv(pieces) : asJson(pieces))
  // A client that goes away ends it; the rest is a fault of ours, and the connection breaks so that nobody takes half for whole.
  pipeline(text, response).catch(error => {
    if (!response.destroyed || !response.req.destroyed) log.error('an export of the audit broke', error)
  })
}

async function* asJson(pieces: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  let separator = '{"data":[\n'
  for await (const entries of pieces) {
    yield separator + entries.map(entry => JSON.stringify(entry)).join(',\n')
    separator = ',\n'
  }
  yield separator === ',\n' ? '\n]}\n' : '{"data":[]}\n'
}

const columns: Record<string, (entry: AuditEntry) => unknown> = {
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

async function* asCsv(pieces: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  yield csvLine(Object.keys(columns))
  const values = Object.values(columns)
  for await (const entries of pieces) yield entries.map(entry => csvLine(values.map(value => value(entry)))).join('')
}

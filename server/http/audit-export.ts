import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import type { AuditEntry, auditFormats } from '#contract/audit/audit'
import type { Context } from './context.ts'
import { csvLine } from './csv.ts'

/** Columns of a table by their names. */
export type AuditColumns<Item> = Record<string, (record: Item) => unknown>

export interface AuditFile<Item> {
  format: (typeof auditFormats)[number]
  entries: AsyncIterable<AuditEntry[]>
  /** An entry as the face has it. */
  record: (entry: AuditEntry) => Item
  columns: AuditColumns<Item>
}

/** Answers with entries as a file. */
export function sendAudit<Item>({ domain, log }: Context, file: AuditFile<Item>, response: Response): void {
  const day = new Date(domain.clock.now()).toISOString().slice(0, 10)
  response.type(file.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json')
  response.setHeader('Content-Disposition', `attachment; filename="flotilla-audit-${day}.${file.format}"`)
  if (response.req.method === 'HEAD') {
    response.end()
    return
  }
  const text = Readable.from(file.format === 'csv' ? asCsv(file) : asJson(file))
  // A client that goes away ends it; the rest is a fault of ours, and the connection breaks so that nobody takes half for whole.
  pipeline(text, response).catch(error => {
    if (!response.destroyed || !response.req.destroyed) log.error('an export of the audit broke', error)
  })
}

async function* asJson<Item>({ entries, record }: AuditFile<Item>): AsyncGenerator<string> {
  let separator = '{"data":[\n'
  for await (const piece of entries) {
    yield separator + piece.map(entry => JSON.stringify(record(entry))).join(',\n')
    separator = ',\n'
  }
  yield separator === ',\n' ? '\n]}\n' : '{"data":[]}\n'
}

async function* asCsv<Item>({ entries, record, columns }: AuditFile<Item>): AsyncGenerator<string> {
  yield csvLine(Object.keys(columns))
  const values = Object.values(columns)
  for await (const piece of entries)
    yield piece
      .map(record)
      .map(item => csvLine(values.map(value => value(item))))
      .join('')
}

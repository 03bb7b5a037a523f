import type { AuditEntry, exportFormats } from '#contract/audit/audit'
import type { AnyCall } from '../route.ts'
import type { Services } from '../services.ts'
import { csvOf, csvType, sendTextFile } from './text-file.ts'

/** Columns of a table by their names. */
export type AuditColumns<Item> = Record<string, (record: Item) => unknown>

export interface AuditFile<Item> {
  format: (typeof exportFormats)[number]
  entries: AsyncIterable<AuditEntry[]>
  /** An entry as the face has it. */
  record: (entry: AuditEntry) => Item
  columns: AuditColumns<Item>
}

const types = { json: 'application/json', jsonl: 'application/x-ndjson', csv: csvType }

/** Answers with entries as a file. */
export function sendAudit<Item>(
  services: Pick<Services, 'log'>,
  { domain, response }: Pick<AnyCall, 'domain' | 'response'>,
  file: AuditFile<Item>
): void {
  const day = new Date(domain.clock.now()).toISOString().slice(0, 10)
  const { format } = file
  const name = `flotilla-audit-${day}.${format}`
  sendTextFile(services, { name, type: types[format], text: textOf(file) }, response)
}

function textOf<Item>(file: AuditFile<Item>): AsyncIterable<string> {
  switch (file.format) {
    case 'csv':
      return csvOf(Object.keys(file.columns), rowsOf(file))
    case 'json':
      return asJson(file)
    case 'jsonl':
      return asLines(file)
  }
}

async function* rowsOf<Item>({ entries, record, columns }: AuditFile<Item>): AsyncGenerator<unknown[][]> {
  const values = Object.values(columns)
  for await (const piece of entries) yield piece.map(record).map(item => values.map(value => value(item)))
}

async function* asLines<Item>({ entries, record }: AuditFile<Item>): AsyncGenerator<string> {
  for await (const piece of entries) yield piece.map(entry => `${JSON.stringify(record(entry))}\n`).join('')
}

async function* asJson<Item>({ entries, record }: AuditFile<Item>): AsyncGenerator<string> {
  let separator = '{"data":[\n'
  for await (const piece of entries) {
    yield separator + piece.map(entry => JSON.stringify(record(entry))).join(',\n')
    separator = ',\n'
  }
  yield separator === ',\n' ? '\n]}\n' : '{"data":[]}\n'
}

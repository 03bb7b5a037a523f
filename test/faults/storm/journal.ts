import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What an agent notes about itself, apart from all that is tested. `saying` comes before a line is written, `said` after. */
const entry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), pid: z.int() }),
  z.object({ type: z.literal('saying'), n: z.int() }),
  z.object({ type: z.literal('said'), n: z.int() }),
  z.object({ type: z.literal('asked'), key: z.string() }),
  z.object({ type: z.literal('answered'), key: z.string(), allow: z.boolean() }),
  z.object({ type: z.literal('heard'), text: z.string() }),
  z.object({ type: z.literal('result'), text: z.string() }),
  z.object({ type: z.literal('leaving'), how: z.enum(['well', 'error', 'crash', 'interrupted', 'cut off']) })
])
type Entry = z.infer<typeof entry>

export function openJournal(folder: string, runId: string): (entry: Entry) => void {
  const file = join(folder, `${runId}.${process.pid}`)
  return noted => appendFileSync(file, `${JSON.stringify(noted)}\n`)
}

export interface Journal {
  pid: number
  entries: Entry[]
}

/** One for each process that was ever started for the run. */
export function readJournals(folder: string): Map<string, Journal[]> {
  const found = new Map<string, Journal[]>()
  for (const name of readdirSync(folder)) {
    const [runId = '', pid] = name.split('.')
    const lines = readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1)
    const entries = lines.map(line => entry.parse(JSON.parse(line)))
    found.set(runId, [...(found.get(runId) ?? []), { pid: Number(pid), entries }])
  }
  return found
}

export function entriesOf<T extends Entry['type']>(journal: Journal | undefined, type: T) {
  return (journal?.entries ?? []).filter((entry): entry is Extract<Entry, { type: T }> => entry.type === type)
}

import type { EventKind } from '../runs/events.ts'

/** A line of a body, as it came and read. */
export interface Line {
  text: string
  json: unknown
}

/** An event before it has its number. */
interface Told {
  ts: string
  kind: EventKind
  message: string
  data: Record<string, unknown>
}

const begin = (n: number) => `{"type":"event","n":${n},`
const fields = ['type', 'n', 'ts', 'kind', 'message', 'data'].length

/** An event as an item of a batch. What is stored of it stands last and in one piece, so that nobody has to write it again. */
export function eventLine(n: number, { ts, kind, message, data }: Told): string {
  return begin(n) + JSON.stringify({ ts, kind, message, data }).slice(1)
}

/**
 * What is stored of an event that came so, as JSON text without the brace that opens it. Null: it came in another way,
 * or with more than an event has.
 */
export function storedPart({ text, json }: Line, n: number): string | null {
  const prefix = begin(n)
  if (!text.startsWith(prefix) || Object.keys(json as object).length !== fields) return null
  // Between values it would be JSON, and end a line of an event stream.
  return text.includes('\r') ? null : text.slice(prefix.length)
}

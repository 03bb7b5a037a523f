import type { z } from 'zod'

/**
 * One line of a program that speaks JSON lines: `line` when it fits the protocol; `unknown`: JSON of a shape that a later
 * version brought; `text`: whatever else a program prints.
 */
export type JsonLine<T> =
  | { type: 'blank' }
  | { type: 'text'; text: string }
  | { type: 'unknown'; json: unknown; text: string }
  | { type: 'line'; line: T }

/** Reads a line by the schema of its protocol. Never throws: no line may end a run. */
export function readJsonLine<Schema extends z.ZodType>(schema: Schema, text: string): JsonLine<z.output<Schema>> {
  if (text.trim() === '') return { type: 'blank' }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { type: 'text', text }
  }
  const parsed = schema.safeParse(json)
  return parsed.success ? { type: 'line', line: parsed.data } : { type: 'unknown', json, text }
}

import { z } from 'zod'

/** Reading what a program wrote that may be wrong in parts: what fits is taken. */

/** Those of a list that fit. */
export function some<S extends z.ZodType>(schema: S) {
  return z
    .array(z.unknown())
    .catch([])
    .transform(list =>
      list.flatMap(entry => {
        const parsed = schema.safeParse(entry)
        return parsed.success ? [parsed.data] : []
      })
    )
}

export const numbers = z.number().catch(0)

export function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

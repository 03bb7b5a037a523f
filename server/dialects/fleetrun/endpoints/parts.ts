import { z } from 'zod'

/** The id or the slug of something. */
export const reference = z.string().min(1).max(64)

export const ok = z.object({ ok: z.literal(true) })

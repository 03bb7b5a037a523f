import { z } from 'zod'
import type { runEvent } from '#contract/runs/events'
import { runStatuses } from '#contract/runs/runs'

const nullableInt = z.int().nullable()
export const runRow = z.object({
  number: z.int(),
  id: z.string(),
  status: z.enum(runStatuses),
  status_reason: z.string().nullable(),
  status_since: z.int(),
  input: z.string(),
  result: z.string().nullable(),
  error_code: z.string().nullable(),
  stopping: z.string(),
  timeout_seconds: nullableInt,
  attempt: z.int(),
  last_seq: z.int(),
  created_at: z.int(),
  ended_at: nullableInt
})
export const approvalRow = z.object({ id: z.string(), key: z.string(), status: z.string() })
export const inputRow = z.object({ n: z.int(), text: z.string(), status: z.string(), turn: nullableInt })

/** A run with all that belongs to it, as it stands in the file. */
export interface StoredRun {
  row: z.infer<typeof runRow>
  events: z.infer<typeof runEvent>[]
  approvals: z.infer<typeof approvalRow>[]
  inputs: z.infer<typeof inputRow>[]
}

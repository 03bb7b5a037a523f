import { z } from 'zod'
import { queryInt } from '#contract/endpoint'

/** Of documents that name no other: such an id, or a slug where there is one. */
export const id = (of: string) => z.string().min(1).max(64).describe(of)

export const offset = queryInt(0, 1_000_000).default(0)

/** A page takes no more than it may, whatever is asked for. */
export const limit = (usual: number, most: number) =>
  queryInt(1, 1_000_000)
    .default(usual)
    .transform(wanted => Math.min(wanted, most))
    .describe(`At most ${most}`)

export const toolCalls = z
  .array(z.object({ name: z.string(), summary: z.string().describe('What it was used for, in a line') }))
  .describe('In their order; the first 1000')

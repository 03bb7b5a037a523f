import { z } from 'zod'

/** Files of one deed that are named; what is beyond is counted. */
export const maxPutBack = 2000

const hunkNumbers = z.array(z.int().min(0).max(1_000_000)).max(10_000)

/** A file with numbers of its hunks; null: all of it. */
export const hunksOfFile = z.object({ path: z.string().min(1).max(8192), hunks: hunkNumbers.nullable() })

/** A file that is put back as it was, or some of its hunks, by their numbers from 0. */
export const chosenFile = z.object({
  path: z.string().min(1).max(8192),
  hunks: hunkNumbers.min(1).nullable()
})

/** `refuse`: nothing is done. `skip`: they stay as they are. `overwrite`: they are put back, too. */
export const conflictWishes = ['refuse', 'skip', 'overwrite'] as const

export const putBackFile = z.object({
  path: z.string().max(8192),
  action: z.enum(['write', 'remove', 'none']).describe('none: it is as it was'),
  obstacle: z
    .enum(['changed_later', 'not_kept', 'too_large', 'in_the_way'])
    .nullable()
    .describe(
      'changed_later: by somebody else since; not_kept: no checkpoint has it; too_large: to be kept as it is now; in_the_way: a file that is ignored lies there'
    )
})
export type PutBackFile = z.infer<typeof putBackFile>

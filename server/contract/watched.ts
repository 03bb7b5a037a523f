import { z } from 'zod'

/** What lies in a folder on the machine of a runner, and may have become another. */
export const watched = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('file'),
    path: z.string().min(1).max(4096).describe('Seen from the folder; of a folder the names in it count')
  }),
  z.object({
    type: z.literal('ref'),
    ref: z
      .string()
      .regex(/^[A-Za-z0-9][\w./@+-]{0,249}$/, 'the name of a branch, a tag or another ref of git')
      .describe('A ref of git: `main`, `refs/tags/v1`')
  })
])
export type Watched = z.infer<typeof watched>

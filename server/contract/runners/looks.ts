import { z } from 'zod'
import { watched } from '../watched.ts'

/** How long a command of a pre-check may take, in ms. */
export const commandLimitMs = 20_000

/** What a file or a ref is now; two looks that tell the same saw the same. */
export const look = z.object({ folder: z.string().min(1).max(4096), watched })
export const looked = z.object({ state: z.string().max(200).nullable().describe('null: it is not there') })

export const trial = z.object({
  folder: z.string().min(1).max(4096),
  program: z.string().min(1).max(4096),
  args: z.array(z.string().max(4096)).max(64)
})
export const tried = z.object({
  exitCode: z.int().nullable().describe('null: ended by a signal'),
  output: z.string().max(2000).describe('The end of what it said')
})

import { z } from 'zod'

/** What a runner is said to have, such as `gpu` or `region:eu`, and what a run may ask for. */
export const label = z.string().regex(/^[\w.:/-]{1,64}$/, 'letters, digits and . : / _ -, at most 64')
export const maxLabels = 20

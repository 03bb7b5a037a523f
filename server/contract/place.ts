import { z } from 'zod'

/** Kind of place where an agent runs. Which there are, the program knows; which of them a runner has, it says. */
export const placeId = z.string().min(1).max(64)

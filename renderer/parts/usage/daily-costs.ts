import type { z } from 'zod'
import type { getDailyCosts } from '#contract/money/costs'

export type DailyCosts = z.output<typeof getDailyCosts.output>

import { z } from 'zod'
import { queryInt } from '#contract/endpoint'
import { usd } from '#contract/usd'

const largestPage = 100

export const paging = z.object({
  limit: queryInt(0, Number.MAX_SAFE_INTEGER)
    .default(20)
    .transform(limit => Math.min(limit, largestPage))
    .describe(`At most ${largestPage}; more is taken for that`),
  offset: queryInt(0, 1_000_000_000).default(0)
})

export const cost = usd.nullable().describe('USD; null: no price is known')
export const tokens = z.int()

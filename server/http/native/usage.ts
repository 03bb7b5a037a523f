import { getUsage } from '#contract/usage'
import { usage } from '../../domain/usage.ts'
import type { Context } from '../context.ts'
import { type Route, read } from '../route.ts'

export function usageRoutes({ domain }: Context): Route[] {
  return [read(getUsage, ({ query }) => usage(domain, query))]
}

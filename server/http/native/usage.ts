import { getUsage } from '#contract/usage'
import { usage } from '../../domain/usage.ts'
import { type Route, read } from '../route.ts'

export function usageRoutes(): Route[] {
  return [read(getUsage, ({ domain, query }) => usage(domain, query))]
}

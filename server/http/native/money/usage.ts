import { getUsage } from '#contract/money/usage'
import { usage } from '../../../domain/money/usage.ts'
import { type Route, read } from '../../for-faces.ts'

export function usageRoutes(): Route[] {
  return [read(getUsage, ({ domain, query }) => usage(domain, query))]
}

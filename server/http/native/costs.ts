import { getCosts, getPrices } from '#contract/costs'
import { costs } from '../../domain/costs.ts'
import { prices } from '../../domain/prices.ts'
import { type Route, read } from '../route.ts'

export function costRoutes(): Route[] {
  return [read(getCosts, ({ domain, query }) => costs(domain, query)), read(getPrices, () => prices)]
}

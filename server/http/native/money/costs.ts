import { getCosts, getForecast, getPrices, listAdvice } from '#contract/money/costs'
import { advice } from '../../../domain/money/advice.ts'
import { costs } from '../../../domain/money/costs.ts'
import { forecast } from '../../../domain/money/forecast.ts'
import { prices } from '../../../domain/money/prices.ts'
import { type Route, read, wait } from '../../route.ts'

export function costRoutes(): Route[] {
  return [
    read(getCosts, ({ domain, query }) => costs(domain, query)),
    read(getPrices, () => prices),
    read(getForecast, ({ domain, query }) => forecast(domain, query)),
    wait(listAdvice, async ({ domain }) => ({ data: await advice(domain) }))
  ]
}

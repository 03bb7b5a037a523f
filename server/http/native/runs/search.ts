import { search } from '#contract/runs/search'
import * as searching from '../../../domain/runs/search.ts'
import { type Route, wait } from '../../for-faces.ts'

export function searchRoutes(): Route[] {
  return [wait(search, ({ domain, query }) => searching.search(domain, query))]
}

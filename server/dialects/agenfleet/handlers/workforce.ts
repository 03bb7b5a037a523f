import { workforce } from '../../../domain/money/workforce.ts'
import { type Route, wait } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/workforce.ts'
import * as translate from '../translate.ts'

export function workforceRoutes(): Route[] {
  return [
    wait(theirs.getWorkforceSummary, async ({ domain }) =>
      translate.toWorkforce(await workforce(domain, { period: 'month' }))
    )
  ]
}

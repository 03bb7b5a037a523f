import { changeWorkforce, getWorkforce } from '#contract/money/workforce'
import { changeAssumptions, workforce } from '../../../domain/money/workforce.ts'
import { type Route, wait, write } from '../../for-faces.ts'

export function workforceRoutes(): Route[] {
  return [
    wait(getWorkforce, ({ domain, query }) => workforce(domain, query)),
    write(changeWorkforce, ({ domain, body }) => changeAssumptions(domain, body))
  ]
}

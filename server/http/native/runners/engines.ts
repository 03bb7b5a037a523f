import { getEngine, listEngines, refreshEngines, testEngine } from '#contract/runners/engines'
import * as engines from '../../../domain/runners/engines.ts'
import { type Route, read, wait } from '../../for-faces.ts'

export function engineRoutes(): Route[] {
  return [
    read(listEngines, ({ domain }) => ({ data: engines.listEngines(domain) })),
    wait(refreshEngines, async ({ domain }) => ({ data: await engines.refreshEngines(domain) })),
    read(getEngine, ({ domain, params }) => engines.getEngine(domain, params.id)),
    wait(testEngine, ({ domain, params }) => engines.testEngine(domain, params.id))
  ]
}

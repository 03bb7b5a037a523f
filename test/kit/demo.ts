import { plantDemo } from '#contract/demo'
import type { App } from './start-app.ts'

export { demoFlows } from '../../server/domain/demo/demo-flows.ts'
export { demoAgents, demoLive, demoRuns, demoTasks } from '../../server/domain/demo/story.ts'

/** The fleet that "Explore with demo data" makes. */
export function makeDemo(app: Pick<App, 'call'>) {
  return app.call(plantDemo)
}

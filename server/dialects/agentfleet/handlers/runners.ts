import * as runners from '../../../domain/runners/runners.ts'
import { latestRuns } from '../../../domain/runs/runs.ts'
import { type Route, read } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/runners.ts'
import { toTheirRun } from '../translate.ts'

export function runnerRoutes(): Route[] {
  return [
    read(theirs.listRunners, ({ domain }) => ({ data: runners.listRunners(domain) })),
    read(theirs.getRunner, ({ domain, params }) => {
      const runner = runners.getRunner(domain, params.id)
      const sessions = latestRuns(domain, { runnerId: runner.id, limit: theirs.maxSessions, offset: 0 })
      return { ...runner, sessions: sessions.map(toTheirRun) }
    })
  ]
}

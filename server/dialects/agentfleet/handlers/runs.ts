import { eventPageLimit } from '#contract/runs/events'
import * as runs from '../../../domain/runs/runs.ts'
import { eventPage, type Route, stream, withAllEvents, write } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/runs.ts'
import { toTheirRun } from '../translate.ts'

export function runRoutes(): Route[] {
  return [
    write(theirs.launchRun, ({ domain, body }) =>
      toTheirRun(runs.launchRun(domain, { ...body, images: [], trust: 'ask', labels: [] }))
    ),
    stream(
      theirs.getRun,
      ({ domain, params }) => {
        const run = runs.getRun(domain, params.id)
        return withAllEvents(domain, run, theirs.run.parse(toTheirRun(run)), 'logs')
      },
      () => false
    ),
    stream(
      theirs.listRunEvents,
      ({ domain, params, query }) => eventPage(domain, params.id, { ...query, limit: eventPageLimit }),
      () => false
    ),
    write(theirs.followUpRun, ({ domain, params, body }) =>
      toTheirRun(runs.followUp(domain, params.id, { ...body, images: [] }))
    )
  ]
}

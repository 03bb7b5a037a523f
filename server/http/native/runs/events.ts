import { listRunEvents } from '#contract/runs/events'
import { searchRunEvents } from '#contract/runs/search'
import { searchEvents } from '../../../domain/runs/run-search.ts'
import { requireRun } from '../../../domain/runs/runs.ts'
import { tailRun, type Wire } from '../../../realtime/tail.ts'
import { eventPage, openEventStream, type Route, resumeAfter, stream, wait, wantsEventStream } from '../../for-faces.ts'

const wire: Wire = {
  event: ({ seq, body }) => `id: ${seq}\ndata: ${body}\n\n`,
  delta: delta => `event: delta\ndata: ${JSON.stringify(delta)}\n\n`,
  end: status => `event: end\ndata: ${JSON.stringify({ status })}\n\n`
}

export function eventRoutes(): Route[] {
  return [
    stream(
      listRunEvents,
      ({ domain, params, query }) => eventPage(domain, params.id, query),
      ({ domain, params, query, request, response }) => {
        if (!wantsEventStream(request)) return false
        const run = requireRun(domain, params.id)
        let stop = () => {}
        const sink = openEventStream(response, () => stop())
        const after = resumeAfter(request, query.after)
        stop = tailRun(domain.store, domain.bus, { run: run.number, after, sink, wire, onEnd: () => response.end() })
        return true
      }
    ),
    wait(searchRunEvents, ({ domain, params, query, response }) =>
      searchEvents(domain, params.id, { ...query, stillAsked: () => !response.destroyed })
    )
  ]
}

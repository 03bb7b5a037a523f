import { AppError } from '#contract/errors'
import { streamChanges } from '#contract/live'
import { changeBody } from '../../domain/changes.ts'
import { type ChangeWire, lastChange, tailChanges } from '../../realtime/change-tail.ts'
import type { Context } from '../context.ts'
import { type Route, stream } from '../route.ts'
import { maxStreams, openEventStream, openStreams, resumeAfter, wantsEventStream } from '../sse.ts'

/** Changes in one JSON answer. */
const pageSize = 500

export function liveRoutes({ domain }: Context): Route[] {
  const { store, bus } = domain
  const wire: ChangeWire = {
    change: change => `id: ${change.seq}\nevent: change\ndata: ${changeBody(domain, change)}\n\n`,
    reset: seq => `id: ${seq}\nevent: reset\ndata: ${JSON.stringify({ seq })}\n\n`
  }
  return [
    stream(
      streamChanges,
      ({ query }) => {
        const rows = store.changes.after(query.after ?? lastChange(store), pageSize)
        return { body: `{"data":[${rows.map(row => changeBody(domain, row)).join(',')}]}` }
      },
      ({ query, request, response }) => {
        if (!wantsEventStream(request)) return false
        if (openStreams() >= maxStreams) throw new AppError('LIMIT_REACHED', `${maxStreams} streams are open`)
        let stop = () => {}
        const sink = openEventStream(response, () => stop())
        const after = resumeAfter(request, query.after ?? lastChange(store))
        stop = tailChanges(store, bus, { after, sink, wire })
        return true
      }
    )
  ]
}

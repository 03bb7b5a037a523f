import { streamChanges } from '#contract/live'
import { changeBody, hears } from '../../domain/changes.ts'
import type { Domain } from '../../domain/domain.ts'
import { type ChangeWire, lastChange, tailChanges } from '../../realtime/change-tail.ts'
import { openEventStream, type Route, resumeAfter, stream, wantsEventStream } from '../for-faces.ts'

/** Changes in one JSON answer. */
const pageSize = 500

function wireFor(domain: Domain): ChangeWire {
  return {
    // An id alone moves on what the listener resumes from.
    change: change =>
      hears(domain, change)
        ? `id: ${change.seq}\nevent: change\ndata: ${changeBody(domain, change)}\n\n`
        : `id: ${change.seq}\n\n`,
    reset: seq => `id: ${seq}\nevent: reset\ndata: ${JSON.stringify({ seq })}\n\n`
  }
}

export function liveRoutes(): Route[] {
  return [
    stream(
      streamChanges,
      ({ domain, query }) => {
        const { store } = domain
        const rows = store.changes.after(query.after ?? lastChange(store), pageSize).filter(row => hears(domain, row))
        return { body: `{"data":[${rows.map(row => changeBody(domain, row)).join(',')}]}` }
      },
      ({ domain, query, request, response }) => {
        const { store, bus } = domain
        if (!wantsEventStream(request)) return false
        let stop = () => {}
        const sink = openEventStream(response, () => stop())
        const after = resumeAfter(request, query.after ?? lastChange(store))
        stop = tailChanges(store, bus, { after, sink, wire: wireFor(domain) })
        return true
      }
    )
  ]
}

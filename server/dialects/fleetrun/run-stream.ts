import type { RunEvent } from '#contract/runs/events'
import type { Domain } from '../../domain/domain.ts'
import { requireRun } from '../../domain/runs/runs.ts'
import { type Call, openEventStream } from '../../http/for-faces.ts'
import { tailRun, type Wire } from '../../realtime/tail.ts'
import { toFrame } from './translate.ts'

/** Streams what a run does until it ends; the run does not care whether anybody listens. */
export function streamRun(domain: Domain, runId: string, response: Call['response']): void {
  const run = requireRun(domain, runId)
  let stop = () => {}
  const sink = openEventStream(response, () => stop())
  const onEnd = () => void response.end()
  stop = tailRun(domain.store, domain.bus, { run: run.number, after: 0, sink, wire: wireOf(domain, runId), onEnd })
}

/** Remembers what was said, for a runtime may tell its result only at the end. */
function wireOf(domain: Domain, runId: string): Wire {
  let said: string | null = null
  return {
    event({ body }) {
      const told = toFrame(JSON.parse(body) as RunEvent)
      if (told?.type === 'output') said = told.text
      return told === null ? '' : frame(told)
    },
    delta: () => '',
    end(status) {
      if (status === 'CANCELLED') return frame({ type: 'error', text: 'cancelled' })
      const { result } = requireRun(domain, runId)
      return result === null || result === said ? '' : frame({ type: 'output', text: result })
    }
  }
}

function frame(told: { type: string; text: string }): string {
  return `data: ${JSON.stringify(told)}\n\n`
}

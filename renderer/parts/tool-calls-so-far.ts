import { useQuery } from '@tanstack/react-query'
import { type Approval, matchesPattern } from '#contract/runs/approvals'
import { eventPageLimit, listRunEvents, type RunEvent } from '#contract/runs/events'
import { getRun } from '#contract/runs/runs'
import { call } from '../lib/call.ts'
import { keys } from '../lib/query-keys.ts'
import { requestOf, subjectOf } from './approvals/approval-request.ts'

/** What the tool of a request was called with in this run, the latest first; as far as the last page of events tells. */
export function useToolCallsSoFar({ runId, tool }: Approval): readonly string[] | undefined {
  return useQuery({
    queryKey: keys.toolCalls(runId ?? '', tool),
    queryFn: async ({ signal }) => {
      if (runId === null) return []
      const run = await call(getRun, { params: { id: runId }, signal })
      const after = Math.max(0, run.lastSeq - eventPageLimit)
      const page = await call(listRunEvents, { params: { id: runId }, query: { after }, signal })
      return page.data.flatMap(event => subjectIn(event, tool)).reverse()
    },
    staleTime: 0
  }).data
}

function subjectIn({ kind, data }: RunEvent, tool: string): string[] {
  if (kind === 'approval')
    return data.state === 'requested' && data.tool === tool && !data.toolUseId ? [String(data.subject)] : []
  if (kind !== 'tool_use' || data.tool !== tool) return []
  const { input } = data
  if (typeof input !== 'object' || input === null) return []
  return [subjectOf(requestOf({ kind: 'tool', input: input as Record<string, unknown> }))]
}

/** Of those calls, the ones that a pattern covers; without a pattern the very same request. */
export function coveredBy(pattern: string | undefined, subject: string, calls: readonly string[]): string[] {
  return calls.filter(one => (pattern === undefined ? one === subject : matchesPattern(pattern, one)))
}

import type { FlowRun } from '#contract/work/flow-runs'
import type { Domain } from '../../../domain/domain.ts'
import { approve, deny } from '../../../domain/runs/approvals.ts'
import { equipment } from '../../../domain/work/flows/equipment.ts'
import * as flowRuns from '../../../domain/work/flows/flow-runs.ts'
import * as flows from '../../../domain/work/flows/flows.ts'
import { type Route, read, write } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/flows.ts'
import { toTheirFlow, toTheirFlowRun, withDetails } from '../translate.ts'

export function flowRoutes(): Route[] {
  return [
    read(theirs.listFlows, ({ domain, query }) => {
      const { items, total } = flows.listFlows(domain, query)
      const equipmentOf = equipment(domain)
      return { data: items.map(flow => toTheirFlow(flow, equipmentOf(flow))), total }
    }),
    read(theirs.getFlow, ({ domain, params }) => {
      const flow = flows.getFlow(domain, params.flowId)
      return toTheirFlow(flow, equipment(domain)(flow))
    }),
    write(theirs.triggerFlow, ({ domain, params }) =>
      detailed(domain, flowRuns.triggerFlow(domain, params.flowId, {}))
    ),
    read(theirs.listFlowRuns, ({ domain, params: { flowId }, query }) => {
      const { items, total } = flowRuns.listFlowRuns(domain, flowId, query)
      return { data: items.map(toTheirFlowRun), total, flowId }
    }),
    read(theirs.getFlowRun, ({ domain, params }) => detailed(domain, runOf(domain, params))),
    write(theirs.approveFlowRun, ({ domain, params }) => {
      approve(domain, flowRuns.requireQuestion(runOf(domain, params)), { scope: 'once' })
      return detailed(domain, runOf(domain, params))
    }),
    write(theirs.skipFlowRun, ({ domain, params }) => {
      deny(domain, flowRuns.requireQuestion(runOf(domain, params)), undefined)
      return detailed(domain, runOf(domain, params))
    })
  ]
}

function runOf(domain: Domain, { flowId, runId }: { flowId: string; runId: string }): FlowRun {
  return flowRuns.getFlowRun(domain, flowId, runId)
}

function detailed(domain: Domain, run: FlowRun) {
  return withDetails(toTheirFlowRun(run), flowRuns.outcomeOf(domain, run))
}

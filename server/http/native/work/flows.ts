import { getFlowRun, listFlowRuns, receiveWebhook, triggerFlow } from '#contract/work/flow-runs'
import { previewSchedule } from '#contract/work/flow-triggers'
import { changeFlow, createFlow, deleteFlow, getFlow, listFlows, newWebhookSecret } from '#contract/work/flows'
import * as flowRuns from '../../../domain/work/flows/flow-runs.ts'
import * as flows from '../../../domain/work/flows/flows.ts'
import { receive } from '../../../domain/work/flows/webhooks.ts'
import { paginated, type Route, rawBody, read, write } from '../../for-faces.ts'

export function flowRoutes(): Route[] {
  return [
    // How they stand hangs on agents, runners and budgets, and on the time.
    read(listFlows, ({ domain, query }) => paginated(query, flows.listFlows(domain, query))),
    write(createFlow, ({ domain, body }) => flows.createFlow(domain, body)),
    read(getFlow, ({ domain, params }) => flows.getFlow(domain, params.id)),
    write(changeFlow, ({ domain, params, body }) => flows.changeFlow(domain, params.id, body)),
    write(deleteFlow, ({ domain, params }) => {
      flows.deleteFlow(domain, params.id)
      return { success: true as const }
    }),
    write(newWebhookSecret, ({ domain, params }) => flows.newWebhookSecret(domain, params.id, params.triggerId)),
    write(triggerFlow, ({ domain, params, body }) => flowRuns.triggerFlow(domain, params.id, body.variables)),
    read(listFlowRuns, ({ domain, params, query }) =>
      paginated(query, flowRuns.listFlowRuns(domain, params.id, query))
    ),
    read(getFlowRun, ({ domain, params }) => flowRuns.getFlowRun(domain, params.id, params.runId)),
    read(previewSchedule, ({ domain, query }) => flows.previewSchedule(domain, query.cron, query.timezone)),
    write(receiveWebhook, ({ domain, params, request }) =>
      receive(domain, params.id, {
        id: request.get('webhook-id'),
        timestamp: request.get('webhook-timestamp'),
        signature: request.get('webhook-signature'),
        body: rawBody(request)
      })
    )
  ]
}

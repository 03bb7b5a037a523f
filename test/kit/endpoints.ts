import * as audit from '#contract/audit/audit'
import * as data from '#contract/data'
import type { Endpoint } from '#contract/endpoint'
import * as agents from '#contract/fleet/agents'
import * as mcps from '#contract/fleet/mcps'
import * as secrets from '#contract/fleet/secrets'
import * as live from '#contract/live'
import * as budgets from '#contract/money/budgets'
import * as costs from '#contract/money/costs'
import * as usage from '#contract/money/usage'
import * as workforce from '#contract/money/workforce'
import * as keys from '#contract/people/keys'
import * as session from '#contract/people/session'
import * as users from '#contract/people/users'
import * as protocol from '#contract/runners/runner-protocol'
import * as runners from '#contract/runners/runners'
import * as approvals from '#contract/runs/approvals'
import * as events from '#contract/runs/events'
import * as runs from '#contract/runs/runs'
import * as search from '#contract/runs/search'
import * as system from '#contract/system'
import * as messages from '#contract/work/messages'
import * as tasks from '#contract/work/tasks'
import * as agenfleet from '../../server/dialects/agenfleet/endpoints.ts'
import * as fleetrun from '../../server/dialects/fleetrun/endpoints.ts'

const nouns = [
  audit,
  costs,
  data,
  workforce,
  budgets,
  usage,
  users,
  mcps,
  secrets,
  agents,
  messages,
  tasks,
  approvals,
  events,
  search,
  keys,
  live,
  protocol,
  runners,
  runs,
  session,
  system
]

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'scope' in value
}

/** Every endpoint that the contract declares. */
export const endpoints: Endpoint[] = nouns.flatMap(noun => Object.values(noun).filter(isEndpoint))

/** Every endpoint of every face, by the id of the face. */
export const endpointsOfFaces: Record<string, Endpoint[]> = {
  native: endpoints,
  agenfleet: Object.values<unknown>(agenfleet).filter(isEndpoint),
  fleetrun: Object.values<unknown>(fleetrun).filter(isEndpoint)
}

import * as agents from '#contract/agents'
import * as approvals from '#contract/approvals'
import * as audit from '#contract/audit'
import * as budgets from '#contract/budgets'
import * as costs from '#contract/costs'
import type { Endpoint } from '#contract/endpoint'
import * as events from '#contract/events'
import * as keys from '#contract/keys'
import * as live from '#contract/live'
import * as mcps from '#contract/mcps'
import * as messages from '#contract/messages'
import * as protocol from '#contract/runner-protocol'
import * as runners from '#contract/runners'
import * as runs from '#contract/runs'
import * as secrets from '#contract/secrets'
import * as session from '#contract/session'
import * as system from '#contract/system'
import * as tasks from '#contract/tasks'
import * as usage from '#contract/usage'
import * as users from '#contract/users'
import * as workforce from '#contract/workforce'
import * as agenfleet from '../../server/dialects/agenfleet/endpoints.ts'
import * as fleetrun from '../../server/dialects/fleetrun/endpoints.ts'

const nouns = [
  audit,
  costs,
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

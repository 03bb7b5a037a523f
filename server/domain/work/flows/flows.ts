import { AppError, fieldError, Missing } from '#contract/errors'
import type { Flow, FlowOutcome, FlowPatch, FlowStatus, NewFlow } from '#contract/work/flows'
import { maxFlows } from '#contract/work/flows'
import { iso, isoOrNull } from '../../../store/columns.ts'
import { stringsOf } from '../../../store/fleet/agents.ts'
import type { TriggerRow } from '../../../store/work/flow-triggers.ts'
import type { FlowRow, NewFlowRow } from '../../../store/work/flows.ts'
import { type Domain, type Reading, recordChange, requireActor } from '../../domain.ts'
import { referredAgent, requireAgent } from '../../fleet/agents.ts'
import { seen } from '../../people/sight.ts'
import { requireKnownVariables, variablesOf } from './prompt.ts'
import { inWords, localTime, localZone, nextTimes, offsetMinutes, requireSchedule } from './schedule.ts'
import { standings } from './standing.ts'
import { stopFlow } from './tick-duty.ts'
import { letters } from './tick-moves.ts'
import { newSecret, nextRunAt, schedulesOf, setTriggers, startTriggers, toTrigger } from './triggers.ts'

export interface FlowQuery {
  status?: FlowStatus | undefined
  agentId?: string | undefined
  mode?: Flow['mode'] | undefined
  search?: string | undefined
  limit: number
  offset: number
}

export function listFlows(domain: Domain, query: FlowQuery): { items: Flow[]; total: number } {
  const filter = {
    status: query.status ?? null,
    agentId: query.agentId === undefined ? null : requireAgent(domain, query.agentId).id,
    mode: query.mode ?? null,
    words: query.search?.split(/\s+/).filter(Boolean) ?? [],
    sight: domain.sight,
    limit: query.limit,
    offset: query.offset
  }
  return { items: renderFlows(domain, domain.store.flows.list(filter)), total: domain.store.flows.total(filter) }
}

export function requireFlow(domain: Reading, id: string): FlowRow {
  const row = seen(domain, 'flows', domain.store.flows.byId(id))
  if (!row) throw new Missing('flow', id)
  return row
}

export function getFlow(domain: Domain, id: string): Flow {
  return renderFlow(domain, requireFlow(domain, id))
}

export function renderFlow(domain: Domain, row: FlowRow): Flow {
  const [flow] = renderFlows(domain, [row])
  if (!flow) throw new Error('a flow vanished while it was told')
  return flow
}

/** What a list tells of each is read at once for all of them. */
function renderFlows(domain: Domain, rows: readonly FlowRow[]): Flow[] {
  const ids = rows.map(({ id }) => id)
  const triggers = Map.groupBy(domain.store.flowTriggers.ofFlows(ids), ({ flow_id }) => flow_id)
  const counts = new Map(domain.store.flowTicks.openCounts(ids).map(count => [count.flow_id, count]))
  const standing = standings(domain)
  return rows.map(row => {
    const own = triggers.get(row.id) ?? []
    return toFlow(row, own, standing(row, own), counts.get(row.id) ?? { open: 0, running: 0 })
  })
}

const usual = {
  description: '',
  variables: {},
  icon: null,
  model: null,
  mcpIds: null,
  mode: 'auto',
  catchUp: 'once',
  catchUpMax: 5,
  overlap: 'refuse',
  maxParallel: 2,
  retries: 0,
  retryDelaySeconds: 60,
  timeoutSeconds: null,
  approvalMinutes: 1440,
  pauseAfterFailures: 5,
  estimatedHumanMinutes: null,
  preCheck: null,
  status: 'active'
} as const satisfies Partial<NewFlow>

export function createFlow(domain: Domain, wish: NewFlow): Flow {
  const { store, clock } = domain
  if (store.flows.count() >= maxFlows)
    throw new AppError('LIMIT_REACHED', `There are ${maxFlows} flows, archived ones included`)
  const wanted = { ...usual, ...defined(wish) }
  requireKnownVariables(wanted.prompt, wanted.variables)
  const now = clock.now()
  const id = domain.newId()
  const row: NewFlowRow = {
    // What is not named is as usual, so all of them are there.
    ...(columnsOf(domain, wanted) as Pick<NewFlowRow, keyof ReturnType<typeof columnsOf>>),
    id,
    status: wanted.status,
    status_since: now,
    owner_id: requireActor(domain).user.id,
    created_at: now,
    updated_at: now
  }
  store.flows.insert(row)
  recordChange(domain, 'flow', 'created', id)
  setTriggers(domain, requireFlow(domain, id), triggersOf(wish) ?? [])
  return getFlow(domain, id)
}

function defined<T extends object>(wish: T): T {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined)) as T
}

type Schedules = Pick<NewFlow, 'triggers' | 'cronExpression' | 'timezone'>

/** Of the short form as well; undefined: nothing is said of them. */
function triggersOf({ triggers, cronExpression, timezone }: Schedules): NewFlow['triggers'] {
  if (cronExpression === undefined) return triggers
  return [{ type: 'schedule', cron: cronExpression, ...(timezone === undefined ? {} : { timezone }) }]
}

/** Of what a wish names. */
function columnsOf(domain: Domain, wish: FlowPatch) {
  for (const id of wish.mcpIds ?? [])
    if (!domain.store.mcps.byId(id))
      throw fieldError('UNKNOWN_MCP', 'mcpIds', `there is no MCP server ${id}`, 'no such MCP server')
  return defined({
    title: wish.title,
    description: wish.description,
    prompt: wish.prompt,
    variables: json(wish.variables),
    icon: wish.icon,
    agent_id: wish.agentId === undefined ? undefined : referredAgent(domain, 'agentId', wish.agentId).id,
    model: wish.model,
    mcp_ids: wish.mcpIds === null ? null : json(wish.mcpIds),
    mode: wish.mode,
    catch_up: wish.catchUp,
    catch_up_max: wish.catchUpMax,
    overlap: wish.overlap,
    max_parallel: wish.maxParallel,
    retries: wish.retries,
    retry_delay_seconds: wish.retryDelaySeconds,
    timeout_seconds: wish.timeoutSeconds,
    approval_minutes: wish.approvalMinutes,
    pause_after_failures: wish.pauseAfterFailures,
    human_minutes: wish.estimatedHumanMinutes,
    pre_check: wish.preCheck === null ? null : json(wish.preCheck)
  })
}

function json(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}

export function changeFlow(domain: Domain, id: string, wish: FlowPatch): Flow {
  const row = requireFlow(domain, id)
  if (wish.prompt !== undefined || wish.variables !== undefined)
    requireKnownVariables(wish.prompt ?? row.prompt, wish.variables ?? variablesOf(row))
  const columns = columnsOf(domain, wish)
  // What was seen was seen by another check.
  const anew = wish.preCheck === undefined ? {} : { check_seen: null }
  domain.store.flows.update(row.number, { ...(columns as Partial<FlowRow>), ...anew, updated_at: domain.clock.now() })
  recordChange(domain, 'flow', 'changed', id)
  if (wish.status !== undefined && wish.status !== row.status) setStatus(domain, row, wish.status)
  const triggers = triggersOf(wish)
  if (triggers) setTriggers(domain, requireFlow(domain, id), triggers)
  return getFlow(domain, id)
}

function setStatus(domain: Domain, row: FlowRow, status: Exclude<FlowStatus, 'error'>): void {
  const who = requireActor(domain).name
  if (status !== 'active') {
    stopFlow(
      domain,
      row,
      status,
      status === 'draft' ? null : `${status === 'paused' ? 'Paused' : 'Archived'} by ${who}`
    )
    return
  }
  const columns = { status, status_reason: null, status_since: domain.clock.now(), streak: 0 }
  domain.store.flows.update(row.number, columns)
  startTriggers(domain, { ...row, ...columns })
}

/** Throws FLOW_RUNNING. */
export function deleteFlow(domain: Domain, id: string): void {
  const row = requireFlow(domain, id)
  const { store } = domain
  if (store.flowTicks.open(id).some(({ run_id, status }) => run_id !== null && status !== 'retrying'))
    throw new AppError('FLOW_RUNNING', 'It runs: stop its run first')
  stopFlow(domain, row, 'archived', 'The flow is deleted')
  removeFlow(domain, id)
}

export function removeFlow({ store, ...domain }: Domain, id: string): void {
  for (const trigger of store.flowTriggers.ofFlow(id)) store.flowTriggers.remove(trigger.id)
  store.flowTicks.removeOf(id)
  store.flows.remove(id)
  recordChange({ store, ...domain }, 'flow', 'deleted', id)
}

export function newWebhookSecret(domain: Domain, id: string, triggerId: string): { secret: string; path: string } {
  const secret = newSecret(domain, requireFlow(domain, id), triggerId)
  recordChange(domain, 'flow', 'changed', id)
  return secret
}

/** Times that are told of a schedule. */
const previewed = 5

export function previewSchedule(domain: Pick<Domain, 'clock'>, cron: string, zone: string | undefined) {
  const timezone = zone ?? localZone()
  const schedule = { cron, timezone }
  const now = domain.clock.now()
  requireSchedule(schedule, '', now)
  const times = nextTimes(schedule, now, previewed)
  const next = times.map((at, n) => ({
    at: iso(at),
    local: localTime(at, timezone),
    shift: offsetMinutes(at, timezone) !== offsetMinutes(times[n - 1] ?? now, timezone)
  }))
  return { words: inWords(schedule), timezone, next }
}

const outcomes = new Map(Object.entries(letters).map(([outcome, letter]) => [letter as string, outcome as FlowOutcome]))

function toFlow(
  row: FlowRow,
  triggers: readonly TriggerRow[],
  standing: Flow['standing'],
  { open, running }: { open: number; running: number }
): Flow {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    prompt: row.prompt,
    variables: variablesOf(row),
    icon: row.icon,
    agentId: row.agent_id,
    model: row.model,
    mcpIds: row.mcp_ids === null ? null : stringsOf(row.mcp_ids),
    triggers: triggers.map(toTrigger),
    mode: row.mode,
    catchUp: row.catch_up,
    catchUpMax: row.catch_up_max,
    overlap: row.overlap,
    maxParallel: row.max_parallel,
    retries: row.retries,
    retryDelaySeconds: row.retry_delay_seconds,
    timeoutSeconds: row.timeout_seconds,
    approvalMinutes: row.approval_minutes,
    pauseAfterFailures: row.pause_after_failures,
    estimatedHumanMinutes: row.human_minutes,
    preCheck: row.pre_check === null ? null : (JSON.parse(row.pre_check) as Flow['preCheck']),
    status: row.status,
    statusReason: row.status_reason,
    statusSince: iso(row.status_since),
    standing,
    schedule: schedulesOf(triggers),
    isRunning: running > 0,
    openRuns: open,
    recent: [...row.recent].flatMap(letter => outcomes.get(letter) ?? []),
    totalRuns: row.runs,
    totalFailures: row.failures,
    lastRunAt: isoOrNull(row.last_run_at),
    nextRunAt: nextRunAt(triggers),
    ownerId: row.owner_id,
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at)
  }
}

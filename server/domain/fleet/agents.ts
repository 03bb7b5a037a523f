import { AppError, FieldError, fieldError, Missing } from '#contract/errors'
import type { Agent, AgentPatch, AgentStatus, NewAgent } from '#contract/fleet/agents'
import { maxAgents } from '#contract/fleet/agents'
import { iso, isoOrNull } from '../../store/columns.ts'
import { type AgentRow, limitsOf, type NewAgentRow, stringsOf, type TokensToday } from '../../store/fleet/agents.ts'
import { type Domain, recordChange, requireActor } from '../domain.ts'
import { keepLimits } from '../money/budget-state.ts'
import { seen } from '../people/sight.ts'
import { requirePlace } from '../places.ts'

export interface AgentQuery {
  status?: AgentStatus | undefined
  team?: string | undefined
  tag?: string | undefined
  managerId?: string | undefined
  limit: number
  offset: number
}

const noTokens: TokensToday = { input: 0, output: 0, cost: 0 }
/** Outcomes remembered of an agent, and how many of them must be failures for it to be called degraded. */
const remembered = 5
const tooManyFailures = 3

export function listAgents(domain: Domain, query: AgentQuery): { items: Agent[]; total: number } {
  const { status, limit, offset, team = null, tag = null, managerId = null } = query
  const filter = { states: statesOf(status), team, tag, managerId, sight: domain.sight }
  if (status === undefined || status === 'archived' || status === 'paused')
    return {
      items: renderAgents(domain, domain.store.agents.list(filter, { limit, offset })),
      total: domain.store.agents.total(filter)
    }
  // What an active agent is doing can only be told by looking at each.
  const all = renderAgents(domain, domain.store.agents.list(filter, { limit: maxAgents, offset: 0 }))
  const matching = all.filter(agent => agent.status === status)
  return { items: matching.slice(offset, offset + limit), total: matching.length }
}

function statesOf(status: AgentStatus | undefined): AgentRow['state'][] {
  if (status === undefined) return ['active', 'paused']
  return status === 'archived' || status === 'paused' ? [status] : ['active']
}

function renderAgents(domain: Pick<Domain, 'store' | 'clock'>, rows: readonly AgentRow[]): Agent[] {
  const tokens = domain.store.agents.tokensOn(
    today(domain),
    rows.map(row => row.id)
  )
  return rows.map(row => toAgent(row, tokens.get(row.id) ?? noTokens, domain.clock.now()))
}

/** An agent by id or slug; throws NOT_FOUND. */
/** What it is told beside each prompt. */
export function instructionsOf(agent: AgentRow): string {
  return [agent.role, agent.instructions].filter(text => text.trim() !== '').join('\n\n')
}

export function requireAgent(domain: Domain, reference: string): AgentRow {
  const row = findAgent(domain, reference)
  if (!row) throw new Missing('agent', reference)
  return row
}

/** An agent that a field of a body names; throws UNKNOWN_AGENT. */
export function referredAgent(domain: Domain, path: string, reference: string): AgentRow {
  const row = findAgent(domain, reference)
  if (row) return row
  throw fieldError('UNKNOWN_AGENT', path, `there is no agent ${reference}`, 'no such agent')
}

function findAgent(domain: Domain, reference: string): AgentRow | undefined {
  const { agents } = domain.store
  return seen(domain, 'agents', agents.byId(reference) ?? agents.bySlug(reference))
}

export function getAgent(domain: Domain, reference: string): Agent {
  return renderAgent(domain, requireAgent(domain, reference))
}

export function renderAgent(domain: Pick<Domain, 'store' | 'clock'>, row: AgentRow): Agent {
  return toAgent(row, domain.store.agents.tokensOn(today(domain), [row.id]).get(row.id) ?? noTokens, domain.clock.now())
}

/** UTC, as all days of usage are. */
function today(domain: Pick<Domain, 'clock'>): string {
  return iso(domain.clock.now()).slice(0, 10)
}

export function createAgent(domain: Domain, wanted: NewAgent): Agent {
  const { store } = domain
  if (store.agents.count() >= maxAgents)
    throw new AppError('LIMIT_REACHED', `There are ${maxAgents} agents, archived ones included`)
  requireFreeName(domain, wanted.name, null)
  requireRuntime(domain, wanted.runtime ?? null)
  const now = domain.clock.now()
  const row: NewAgentRow = {
    id: domain.newId(),
    slug: wanted.slug === undefined ? freeSlug(domain, wanted.name) : requireFreeSlug(domain, wanted.slug, null),
    name: wanted.name,
    role: wanted.role ?? '',
    description: wanted.description ?? '',
    glyph: wanted.glyph ?? null,
    team: wanted.team ?? null,
    manager_id: wanted.managerId ? referredAgent(domain, 'managerId', wanted.managerId).id : null,
    tags: JSON.stringify(wanted.tags ?? []),
    capabilities: JSON.stringify(wanted.capabilities ?? []),
    provider: wanted.provider ?? null,
    model: wanted.model ?? null,
    fallback_models: JSON.stringify(wanted.fallbackModels ?? []),
    runtime: wanted.runtime ?? null,
    place: requirePlace(domain, wanted.place ?? 'host'),
    cwd: wanted.cwd ?? null,
    permission_mode: wanted.permissionMode ?? 'default',
    allowed_tools: JSON.stringify(wanted.allowedTools ?? []),
    limits: JSON.stringify(wanted.limits ?? {}),
    instructions: wanted.instructions ?? '',
    mcp_ids: wanted.mcpIds ? JSON.stringify(wanted.mcpIds) : null,
    system: 0,
    owner_id: requireActor(domain).user.id,
    state_since: now,
    created_at: now,
    updated_at: now
  }
  store.agents.insert(row)
  recordChange(domain, 'agent', 'created', row.id)
  if (wanted.limits) keepLimits(domain, requireAgent(domain, row.id))
  return getAgent(domain, row.id)
}

function requireFreeName(domain: Pick<Domain, 'store'>, name: string, own: string | null): void {
  const taken = domain.store.agents.byName(name)
  if (taken && taken.id !== own)
    throw fieldError('NAME_TAKEN', 'name', `another agent is called ${taken.name}`, 'is taken')
}

/** What stands against making such an agent now, each with its field. */
export function faultsOf(
  domain: Domain,
  { name, runtime, place }: Pick<NewAgent, 'name' | 'runtime' | 'place'>
): { path: string; message: string }[] {
  const rules = [
    () => requireFreeName(domain, name, null),
    () => requireRuntime(domain, runtime ?? null),
    () => requirePlace(domain, place ?? 'host')
  ]
  return rules.flatMap(rule => {
    try {
      rule()
      return []
    } catch (error) {
      if (error instanceof FieldError) return error.faults.map(({ path, text }) => ({ path, message: text }))
      throw error
    }
  })
}

function requireFreeSlug(domain: Pick<Domain, 'store'>, slug: string, own: string | null): string {
  const taken = domain.store.agents.bySlug(slug)
  if (taken && taken.id !== own) throw fieldError('NAME_TAKEN', 'slug', `${slug} is that of ${taken.name}`, 'is taken')
  return slug
}

function requireRuntime(domain: Pick<Domain, 'runtimes'>, runtime: string | null): void {
  const known = domain.runtimes.map(({ id }) => id)
  if (runtime === null || known.includes(runtime)) return
  const message = `one of ${known.join(', ')}`
  throw fieldError('UNKNOWN_RUNTIME', 'runtime', `"${runtime}" is not known; ${message}`, message)
}

/** Made of the name; a number is added where it is taken. */
function freeSlug(domain: Pick<Domain, 'store'>, name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
  const base = plain === '' ? 'agent' : plain
  for (let n = 1; ; n++) {
    const slug = n === 1 ? base : `${base}-${n}`
    if (!domain.store.agents.bySlug(slug)) return slug
  }
}

export function changeAgent(domain: Domain, reference: string, wanted: AgentPatch): Agent {
  const row = requireAgent(domain, reference)
  if (row.system === 1 && (wanted.name !== undefined || wanted.slug !== undefined))
    throw new AppError('SYSTEM_AGENT', `${row.name} ships with Flotilla and keeps its name`)
  if (wanted.name !== undefined) requireFreeName(domain, wanted.name, row.id)
  if (wanted.slug !== undefined) requireFreeSlug(domain, wanted.slug, row.id)
  if (wanted.runtime !== undefined) requireRuntime(domain, wanted.runtime)
  if (wanted.place !== undefined) requirePlace(domain, wanted.place)
  const manager = wanted.managerId === undefined ? undefined : supervisorFor(domain, row, wanted.managerId)
  const columns: Partial<AgentRow> = {
    name: wanted.name,
    slug: wanted.slug,
    role: wanted.role,
    description: wanted.description,
    glyph: wanted.glyph,
    team: wanted.team,
    manager_id: manager,
    tags: json(wanted.tags),
    capabilities: json(wanted.capabilities),
    provider: wanted.provider,
    model: wanted.model,
    fallback_models: json(wanted.fallbackModels),
    runtime: wanted.runtime,
    place: wanted.place,
    cwd: wanted.cwd,
    permission_mode: wanted.permissionMode,
    allowed_tools: json(wanted.allowedTools),
    limits: json(wanted.limits),
    instructions: wanted.instructions,
    mcp_ids: wanted.mcpIds === null ? null : json(wanted.mcpIds)
  }
  const changed = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
  const agent = update(domain, row, changed)
  if (!wanted.limits) return agent
  keepLimits(domain, requireAgent(domain, row.id))
  return getAgent(domain, row.id)
}

function json(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}

/** Whoever is above an agent must not be below it. */
function supervisorFor(domain: Domain, row: AgentRow, reference: string | null): string | null {
  if (reference === null) return null
  const manager = referredAgent(domain, 'managerId', reference)
  for (
    let above: AgentRow | undefined = manager;
    above;
    above = above.manager_id === null ? undefined : domain.store.agents.byId(above.manager_id)
  )
    if (above.id === row.id) {
      const message =
        manager.id === row.id ? 'an agent cannot manage itself' : `${manager.name} reports to ${row.name} already`
      throw fieldError('CIRCLE', 'managerId', message)
    }
  return manager.id
}

function update(domain: Domain, row: AgentRow, columns: Partial<AgentRow>): Agent {
  domain.store.agents.update(row.number, { ...columns, updated_at: domain.clock.now() })
  recordChange(domain, 'agent', 'changed', row.id)
  return getAgent(domain, row.id)
}

function setState(domain: Domain, row: AgentRow, state: AgentRow['state'], reason: string | null): Agent {
  if (row.state === state) return renderAgent(domain, row)
  return update(domain, row, { state, state_reason: reason, state_since: domain.clock.now() })
}

export function archiveAgent(domain: Domain, reference: string): Agent {
  const row = requireAgent(domain, reference)
  if (row.system === 1) throw new AppError('SYSTEM_AGENT', `${row.name} ships with Flotilla; pause it instead`)
  for (const report of domain.store.agents.reports(row.id)) update(domain, report, { manager_id: row.manager_id })
  return setState(domain, row, 'archived', `Archived by ${requireActor(domain).name}`)
}

export function restoreAgent(domain: Domain, reference: string): Agent {
  const row = requireAgent(domain, reference)
  return row.state === 'archived' ? setState(domain, row, 'active', null) : renderAgent(domain, row)
}

export function startAgent(domain: Domain, reference: string): Agent {
  return setState(domain, requireNotArchived(domain, reference), 'active', null)
}

export function stopAgent(domain: Domain, reference: string): Agent {
  return setState(domain, requireNotArchived(domain, reference), 'paused', `Paused by ${requireActor(domain).name}`)
}

/** By a rule, not by a person; `reason` says which and what to do. */
export function pauseAgent(domain: Domain, id: string, reason: string): void {
  const row = domain.store.agents.byId(id)
  if (row?.state === 'active') setState(domain, row, 'paused', reason)
}

/** Its next task begins a new conversation. */
export function restartAgent(domain: Domain, reference: string): Agent {
  const row = requireNotArchived(domain, reference)
  return update(domain, row, {
    session_run_id: null,
    ...(row.state === 'active' ? {} : { state: 'active' as const, state_reason: null, state_since: domain.clock.now() })
  })
}

function requireNotArchived(domain: Domain, reference: string): AgentRow {
  const row = requireAgent(domain, reference)
  if (row.state === 'archived') throw new AppError('AGENT_ARCHIVED', `${row.name} is archived; restore it first`)
  return row
}

/** An agent that may take work; throws AGENT_ARCHIVED or AGENT_PAUSED. */
export function requireWorking(row: AgentRow): AgentRow {
  if (row.state === 'archived') throw new AppError('AGENT_ARCHIVED', `${row.name} is archived; restore it first`)
  if (row.state === 'paused') throw new AppError('AGENT_PAUSED', `${row.name} is paused; start it first`)
  return row
}

/** A run of an agent ended: its figures, its conversation. */
export function settleAgent(
  domain: Pick<Domain, 'store'>,
  agentId: string,
  run: { id: string; succeeded: boolean; hasSession: boolean }
): void {
  const row = domain.store.agents.byId(agentId)
  if (!row) return
  domain.store.agents.update(row.number, {
    runs: row.runs + 1,
    succeeded: row.succeeded + (run.succeeded ? 1 : 0),
    failed: row.failed + (run.succeeded ? 0 : 1),
    recent: (row.recent + (run.succeeded ? 's' : 'f')).slice(-remembered),
    ...(run.hasSession ? { session_run_id: run.id } : {})
  })
}

interface Evidence {
  status: AgentStatus
  reason: string | null
  since: number
}

/** What an agent is doing, why, and since when. */
function evidenceOf(row: AgentRow, now: number): Evidence {
  if (row.state !== 'active') return { status: row.state, reason: row.state_reason, since: row.state_since }
  const since = row.activity_since ?? row.state_since
  if (row.waiting > 0) return { status: 'waiting', reason: `${row.waiting} of its runs wait for a person`, since }
  if (row.running > 0) return { status: 'running', reason: null, since }
  if (row.queued > 0) return { status: 'queued', reason: `${row.queued} of its runs wait for a slot`, since }
  const trouble = troubleOf(row, now)
  return trouble === null ? { status: 'idle', reason: null, since } : { status: 'degraded', reason: trouble, since }
}

function troubleOf(row: AgentRow, now: number): string | null {
  const failures = [...row.recent].filter(outcome => outcome === 'f').length
  if (failures >= tooManyFailures) return `${failures} of its last ${row.recent.length} runs failed`
  return (row.budget_note_until ?? 0) > now ? row.budget_note : null
}

function toAgent(row: AgentRow, tokens: TokensToday, now: number): Agent {
  const { status, reason, since } = evidenceOf(row, now)
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    role: row.role,
    description: row.description,
    glyph: row.glyph,
    team: row.team,
    managerId: row.manager_id,
    tags: stringsOf(row.tags),
    capabilities: stringsOf(row.capabilities),
    provider: row.provider,
    model: row.model,
    fallbackModels: stringsOf(row.fallback_models),
    runtime: row.runtime,
    place: row.place,
    cwd: row.cwd,
    permissionMode: row.permission_mode,
    allowedTools: stringsOf(row.allowed_tools),
    limits: limitsOf(row),
    instructions: row.instructions,
    mcpIds: row.mcp_ids === null ? null : stringsOf(row.mcp_ids),
    status,
    statusReason: reason,
    statusSince: iso(since),
    system: row.system === 1,
    ownerId: row.owner_id,
    counters: {
      runs: row.runs,
      succeeded: row.succeeded,
      failed: row.failed,
      activeRuns: row.queued + row.running + row.waiting,
      inputTokensToday: tokens.input,
      outputTokensToday: tokens.output,
      costUsdToday: tokens.cost
    },
    sessionRunId: row.session_run_id,
    lastActiveAt: isoOrNull(row.last_active_at),
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at)
  }
}

import { z } from 'zod'
import { AppError, fieldError, invalid, Missing } from '#contract/errors'
import { whyNotHanded } from '#contract/fleet/handed-values'
import { type Mcp, maxMcps } from '#contract/fleet/mcps'
import type { McpOutcome } from '#contract/runners/runner-protocol'
import type { AgentRow } from '../../store/fleet/agents.ts'
import { stringsOf } from '../../store/fleet/agents.ts'
import { type McpRow, type NewMcp, toMcp } from '../../store/fleet/mcps.ts'
import { type Domain, recordChange } from '../domain.ts'
import { identifiersOf } from './mcp-names.ts'

/** An MCP server as a runtime is told of it, with every value in place; its name is an identifier. */
export interface ResolvedMcp {
  name: string
  transport: Mcp['transport']
  command: string | null
  args: string[]
  url: string | null
  env: Record<string, string>
  headers: Record<string, string>
}

export interface McpWish {
  name?: string | undefined
  transport?: Mcp['transport'] | undefined
  command?: string | null | undefined
  args?: string[] | undefined
  url?: string | null | undefined
  env?: Record<string, string> | undefined
  headers?: Record<string, string> | undefined
}

const variables = z.object({ env: z.record(z.string(), z.string()), headers: z.record(z.string(), z.string()) })
type Variables = z.infer<typeof variables>

const headerName = /^[\w!#$%&'*+.^`|~-]+$/
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/
const reference = /\{\{secret:([A-Z][A-Z0-9_]*)\}\}/g

export function listMcps(domain: Pick<Domain, 'store'>): Mcp[] {
  return domain.store.mcps.all().map(toMcp)
}

export function getMcp(domain: Pick<Domain, 'store'>, id: string): Mcp {
  return toMcp(requireMcp(domain, id))
}

export function requireMcp(domain: Pick<Domain, 'store'>, id: string): McpRow {
  const row = domain.store.mcps.byId(id)
  if (!row) throw new Missing('MCP server', id)
  return row
}

export function createMcp(domain: Domain, wish: McpWish & { name: string; transport: Mcp['transport'] }): Mcp {
  if (domain.store.mcps.all().length >= maxMcps) throw new AppError('LIMIT_REACHED', `There are ${maxMcps} MCP servers`)
  requireFreeName(domain, wish.name, null)
  const id = domain.newId()
  const row: NewMcp = {
    id,
    name: wish.name,
    transport: wish.transport,
    command: wish.command ?? null,
    args: JSON.stringify(wish.args ?? []),
    url: wish.url ?? null,
    ...sealedVariables(domain, id, { env: wish.env ?? {}, headers: wish.headers ?? {} }),
    created_at: domain.clock.now()
  }
  requireReachable(row)
  requireHandable({ env: wish.env ?? {}, headers: wish.headers ?? {} }, row)
  domain.store.mcps.insert(row)
  recordChange(domain, 'mcp', 'created', id)
  return toMcp(requireMcp(domain, id))
}

export function changeMcp(domain: Domain, id: string, wish: McpWish): Mcp {
  const row = requireMcp(domain, id)
  if (wish.name !== undefined) requireFreeName(domain, wish.name, id)
  const old = variablesOf(domain, row)
  const changed: McpRow = {
    ...row,
    name: wish.name ?? row.name,
    transport: wish.transport ?? row.transport,
    command: wish.command === undefined ? row.command : wish.command,
    args: wish.args ? JSON.stringify(wish.args) : row.args,
    url: wish.url === undefined ? row.url : wish.url,
    ...sealedVariables(domain, id, { env: wish.env ?? old.env, headers: wish.headers ?? old.headers }),
    status: 'unknown',
    detail: null,
    hangs: 0,
    checked_at: null
  }
  requireReachable(changed)
  requireHandable({ env: wish.env ?? {}, headers: wish.headers ?? {} }, changed)
  const { id: _id, ...columns } = changed
  domain.store.mcps.update(id, columns)
  recordChange(domain, 'mcp', 'changed', id)
  return toMcp(requireMcp(domain, id))
}

export function deleteMcp(domain: Domain, id: string): void {
  if (!domain.store.mcps.remove(id)) throw new Missing('MCP server', id)
  recordChange(domain, 'mcp', 'deleted', id)
}

function requireFreeName(domain: Pick<Domain, 'store'>, name: string, own: string | null): void {
  const taken = domain.store.mcps.byName(name)
  if (taken && taken.id !== own)
    throw fieldError('NAME_TAKEN', 'name', `another MCP server is called ${taken.name}`, 'is taken')
}

function requireReachable(row: Pick<McpRow, 'transport' | 'command' | 'url'>): void {
  if (row.transport === 'stdio' && row.command === null) throw invalid('command', 'the transport stdio needs one')
  if (row.transport === 'http' && row.url === null) throw invalid('url', 'the transport http needs one')
}

/** What neither a process nor a request can be given is refused here, by its name: later it would fail every run. */
function requireHandable({ env, headers }: Variables, row: Pick<McpRow, 'command' | 'args'>): void {
  for (const [name, value] of Object.entries(env)) {
    const wrong = whyNotHanded(name, value)
    if (wrong !== null) throw invalid(`env.${name}`, wrong)
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!headerName.test(name)) throw invalid(`headers.${name}`, 'the name of a header has no blanks and no separators')
    if (!headerValue.test(value))
      throw invalid(`headers.${name}`, 'a header holds neither line breaks nor other characters than Latin ones')
  }
  const parts = [row.command ?? '', ...stringsOf(row.args)]
  if (parts.some(part => part.includes('\0')))
    throw invalid(row.command?.includes('\0') ? 'command' : 'args', 'no process can be given a NUL character')
}

function sealedVariables(domain: Pick<Domain, 'vault'>, id: string, { env, headers }: Variables) {
  return {
    env_keys: JSON.stringify(Object.keys(env)),
    header_keys: JSON.stringify(Object.keys(headers)),
    sealed: domain.vault.seal(`mcp:${id}`, JSON.stringify({ env, headers }))
  }
}

function variablesOf(domain: Pick<Domain, 'vault'>, row: McpRow): Variables {
  return variables.parse(JSON.parse(domain.vault.open(`mcp:${row.id}`, row.sealed)))
}

export interface LeftOutMcp {
  id: string
  name: string
  /** Words for a person: why, and the way out. */
  reason: string
  hangs: boolean
}

/** Which servers a run gets: those that it names, else its agent, else all. */
export function mcpIdsOf(run: { mcp_ids: string | null }, agent: AgentRow | null): readonly string[] | null {
  const named = run.mcp_ids ?? agent?.mcp_ids ?? null
  return named === null ? null : stringsOf(named)
}

/**
 * The servers that a run gets; null: all. Each reference replaced by the secret. One that
 * lacks a secret, or did not answer when it was waited for last, is left out: the run does what it can without it.
 */
export function mcpsFor(
  domain: Pick<Domain, 'vault' | 'store'>,
  wanted: readonly string[] | null,
  secrets: Record<string, string>
): { mcpServers: ResolvedMcp[]; leftOut: LeftOutMcp[] } {
  const mcpServers: ResolvedMcp[] = []
  const leftOut: LeftOutMcp[] = []
  for (const { row, name } of serversOf(domain, wanted)) {
    const found = usable(domain, row, secrets)
    if ('reason' in found) leftOut.push(found)
    else mcpServers.push({ ...found, name })
  }
  return { mcpServers, leftOut }
}

/** Those that are wanted, else all, under the names that its runtime is told. */
function serversOf(domain: Pick<Domain, 'store'>, wanted: readonly string[] | null): { row: McpRow; name: string }[] {
  const rows = domain.store.mcps.all().filter(row => wanted === null || wanted.includes(row.id))
  const names = identifiersOf(rows.map(row => row.name))
  return rows.map((row, at) => ({ row, name: names[at] ?? row.name }))
}

function usable(domain: Pick<Domain, 'vault'>, row: McpRow, secrets: Record<string, string>): ResolvedMcp | LeftOutMcp {
  const { id, name } = row
  if (row.hangs === 1) {
    const reason = `${row.detail ?? 'it does not answer'}. It is tried again meanwhile; runs get it once it answers.`
    return { id, name, hangs: true, reason }
  }
  try {
    return resolveMcp(domain, row, secrets)
  } catch (error) {
    if (!(error instanceof MissingSecret)) throw error
    const reason = `it needs the secret ${error.key}, which is not set. Set it, or take the server from the agent.`
    return { id, name, hangs: false, reason }
  }
}

/** How a server did in a run is what is known of it from then on. */
export function noteMcps(
  domain: Domain,
  run: { agent_id: string | null; mcp_ids: string | null },
  outcomes: readonly McpOutcome[]
): void {
  const agent = run.agent_id === null ? null : (domain.store.agents.byId(run.agent_id) ?? null)
  const servers = new Map(serversOf(domain, mcpIdsOf(run, agent)).map(({ row, name }) => [name, row]))
  for (const { name, ok, hangs, detail } of outcomes) {
    const row = servers.get(name)
    const known = { status: ok ? ('ok' as const) : ('failed' as const), detail, hangs: hangs ? 1 : 0 }
    if (!row || (row.status === known.status && row.detail === detail && row.hangs === known.hangs)) continue
    domain.store.mcps.update(row.id, { ...known, checked_at: domain.clock.now() })
    recordChange(domain, 'mcp', 'changed', row.id)
  }
}

/** Throws MissingSecret and CannotOpen. */
export function resolveMcp(domain: Pick<Domain, 'vault'>, row: McpRow, secrets: Record<string, string>): ResolvedMcp {
  const { env, headers } = variablesOf(domain, row)
  const filled = (texts: Record<string, string>) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(row, text, secrets)]))
  return {
    name: row.name,
    transport: row.transport,
    command: row.command,
    args: stringsOf(row.args),
    url: row.url,
    env: filled(env),
    headers: filled(headers)
  }
}

/** A reference to a secret that is not there; the message names it. */
export class MissingSecret extends Error {
  override name = 'MissingSecret'
  readonly key: string

  constructor(server: string, key: string) {
    super(`The MCP server ${server} needs the secret ${key}, which is not set`)
    this.key = key
  }
}

function fill(row: McpRow, text: string, secrets: Record<string, string>): string {
  return text.replace(reference, (_, key: string) => {
    const value = secrets[key]
    if (value === undefined) throw new MissingSecret(row.name, key)
    return value
  })
}

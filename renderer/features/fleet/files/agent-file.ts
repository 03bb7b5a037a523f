import { type AgentFile, type FiledAgent, fileKind, maxImported } from '#contract/fleet/agent-files'
import type { Agent } from '#contract/fleet/agents'
import { bytes, count } from '../../../lib/format.ts'

/** As large as a request may be. */
const maxFileBytes = 10_000_000

/** What stands in a file, or why it cannot be read, in words. */
export type ReadFile = { agents: unknown[] } | { fault: string }

export async function readAgentFile(file: Pick<File, 'size' | 'text'>): Promise<ReadFile> {
  if (file.size > maxFileBytes)
    return { fault: `It has ${bytes(file.size)}. A file may have ${bytes(maxFileBytes)}: bring the agents in several.` }
  return agentsIn(await file.text())
}

export function agentsIn(text: string): ReadFile {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (error) {
    return { fault: `It is not JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
  const list = Array.isArray(read) ? read : listOf(read)
  if (typeof list === 'string') return { fault: list }
  if (list.length === 0) return { fault: 'There is no agent in it.' }
  if (list.length > maxImported)
    return {
      fault: `There are ${count(list.length, 'agent')} in it. Bring at most ${count(maxImported, 'agent')} at once.`
    }
  return { agents: list }
}

function listOf(read: unknown): unknown[] | string {
  const file = (typeof read === 'object' && read !== null ? read : {}) as Partial<Record<keyof AgentFile, unknown>>
  if (!Array.isArray(file.agents)) return 'It holds no list of agents, such as Export writes.'
  if (file.version !== undefined && file.version !== 1)
    return 'A newer Flotilla wrote it: bring this one up to date first.'
  return file.agents
}

/** What a person decided about agents. Nothing of secrets, MCP servers, owners or figures: those belong to this computer. */
export function fileOf(agents: readonly Agent[], all: readonly Agent[]): AgentFile {
  const slugs = new Map(all.map(agent => [agent.id, agent.slug]))
  return { kind: fileKind, version: 1, agents: agents.map(agent => filed(agent, slugs)) }
}

function filed(agent: Agent, slugs: ReadonlyMap<string, string>): FiledAgent {
  const { name, slug, role, description, glyph, team, tags, capabilities, provider, model, fallbackModels } = agent
  const { runtime, place, cwd, permissionMode, allowedTools, limits, instructions, managerId } = agent
  const manager = managerId === null ? null : (slugs.get(managerId) ?? null)
  const who = { name, slug, role, description, glyph, team, manager, tags, capabilities }
  const how = {
    provider,
    model,
    fallbackModels,
    runtime,
    place,
    cwd,
    permissionMode,
    allowedTools,
    limits,
    instructions
  }
  return { ...who, ...how }
}

export function saveAgentFile(file: AgentFile): void {
  const only = file.agents.length === 1 ? file.agents[0]?.slug : undefined
  const address = URL.createObjectURL(new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${only ?? 'agents'}.flotilla.json`
  link.click()
  URL.revokeObjectURL(address)
}

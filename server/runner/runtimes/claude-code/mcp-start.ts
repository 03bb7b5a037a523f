import type { Assignment, McpOutcome } from '#contract/runners/runner-protocol'
import { type Signal, systemEvent } from '../runtime.ts'
import { type McpServerStatus, mcpStatuses } from './protocol.ts'

/** Between two looks at what the servers do. */
const lookMs = 500
/** The CLI gives up a server after 30 s by itself; one that goes on for longer than this is not waited for. */
const mostLooks = 120
/** For a CLI that says nothing at all. */
const mutenessMs = 60_000

/**
 * Before the prompt is said, the MCP servers that came with the run get the time that the CLI gives them: one without its
 * servers would do other work than it was asked for.
 */
export class McpStart {
  private readonly names: readonly string[]
  private looks = 0
  private due = false
  over: boolean

  constructor(servers: Assignment['mcpServers']) {
    this.names = servers.map(server => server.name)
    this.over = this.names.length === 0
  }

  begin(look: Signal): Signal[] {
    return [this.waits(this.names), look, { type: 'alarm', ms: mutenessMs }]
  }

  /** The answer to a look; while one is pending, another look is due when the alarm rings. */
  answered(response: unknown): Signal[] {
    const servers = this.ours(response)
    const pending = servers.filter(server => server.status === 'pending').map(server => server.name)
    if (pending.length === 0 || ++this.looks >= mostLooks) return this.ended(servers)
    this.due = true
    return [this.waits(pending), { type: 'alarm', ms: lookMs }]
  }

  /** The alarm rang: it is time for another look, or the last one was never answered. */
  rang(look: Signal): Signal[] {
    if (!this.due) return this.skipped()
    this.due = false
    return [look, { type: 'alarm', ms: mutenessMs }]
  }

  /** It cannot be known; the run goes on. */
  skipped(): Signal[] {
    this.over = true
    return [{ type: 'reason', reason: null }]
  }

  private ended(servers: readonly McpServerStatus[]): Signal[] {
    this.over = true
    const outcomes = servers.flatMap(outcomeOf)
    const broken = outcomes.filter(outcome => !outcome.ok)
    return [
      { type: 'reason', reason: null },
      ...broken.map(({ name, detail }) =>
        systemEvent('mcp_failed', `The run goes on without the MCP server ${name}: ${detail}`, { server: name })
      ),
      { type: 'facts', facts: { mcps: outcomes } }
    ]
  }

  private ours(response: unknown): McpServerStatus[] {
    const parsed = mcpStatuses.safeParse(response).data?.mcpServers ?? []
    return parsed.filter(server => this.names.includes(server.name))
  }

  private waits(names: readonly string[]): Signal {
    const servers = names.length === 1 ? 'server' : 'servers'
    return { type: 'reason', reason: `Starting; waits for MCP ${servers} ${names.join(', ')}`.slice(0, 900) }
  }
}

function outcomeOf({ name, status, error }: McpServerStatus): McpOutcome[] {
  switch (status) {
    case 'connected':
      return [{ name, ok: true, hangs: false, detail: null }]
    case 'pending':
      return [{ name, ok: false, hangs: true, detail: 'it does not answer' }]
    case 'needs-auth':
      return [{ name, ok: false, hangs: false, detail: 'it wants a sign-in' }]
    case 'failed': {
      const hangs = error == null || /timed? ?out/i.test(error)
      return [{ name, ok: false, hangs, detail: error ?? 'it did not answer in time' }]
    }
    default:
      return []
  }
}

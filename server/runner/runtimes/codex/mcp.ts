import type { Assignment, McpOutcome } from '#contract/runners/runner-protocol'
import { type Signal, systemEvent } from '../runtime.ts'
import type { Told } from './protocol.ts'

type Server = Assignment['mcpServers'][number]

/** Codex gives up a server by itself; one that goes on for longer than this is not waited for. */
export const mcpWaitMs = 60_000

/** MCP servers as the CLI takes them. They go to its stdin, which nobody else reads, so their values may stand in them. */
export function mcpConfig(servers: readonly Server[]): Record<string, object> {
  return Object.fromEntries(
    servers.map(server => [
      server.name,
      server.transport === 'stdio'
        ? { command: server.command, args: server.args, env: server.env }
        : { url: server.url, http_headers: server.headers }
    ])
  )
}

/**
 * Before the prompt is said, the MCP servers that came with the run get the time that the CLI gives them: one without its
 * servers would do other work than it was asked for.
 */
export class McpStart {
  private readonly pending: Set<string>
  private readonly outcomes: McpOutcome[] = []

  constructor(servers: readonly Server[]) {
    this.pending = new Set(servers.map(({ name }) => name))
  }

  get over(): boolean {
    return this.pending.size === 0
  }

  waits(): Signal[] {
    const names = [...this.pending]
    const servers = names.length === 1 ? 'server' : 'servers'
    return [{ type: 'reason', reason: `Starting; waits for MCP ${servers} ${names.join(', ')}`.slice(0, 900) }]
  }

  told({ name, status, error, failureReason }: Told<'mcpServer/startupStatus/updated'>): Signal[] {
    if (status === 'starting' || !this.pending.delete(name)) return []
    const ok = status === 'ready'
    const hangs = !ok && /timed? ?out/i.test(error ?? '')
    const detail = failureReason === 'reauthenticationRequired' ? 'it wants a sign-in' : error || 'it did not start'
    this.outcomes.push({ name, ok, hangs, detail: ok ? null : detail.slice(0, 2000) })
    return this.over ? this.ended() : this.waits()
  }

  /** What has said nothing by now is not waited for any longer. */
  gaveUp(): Signal[] {
    for (const name of this.pending) {
      this.outcomes.push({ name, ok: false, hangs: true, detail: 'it does not answer' })
    }
    this.pending.clear()
    return this.ended()
  }

  private ended(): Signal[] {
    const broken = this.outcomes.filter(({ ok }) => !ok)
    return [
      { type: 'reason', reason: null },
      ...broken.map(({ name, detail }) =>
        systemEvent('mcp_failed', `The run goes on without the MCP server ${name}: ${detail}`, { server: name })
      ),
      { type: 'facts', facts: { mcps: this.outcomes } }
    ]
  }
}

import type * as acp from '@agentclientprotocol/sdk'
import type { Assignment } from '#contract/runners/runner-protocol'
import { type Signal, systemEvent } from '../runtimes/runtime.ts'

/** MCP servers as a session takes them, on stdin and so in nobody's argument list. Of those it cannot take, it is told. */
export function takenServers(
  servers: Assignment['mcpServers'],
  can: { http: boolean },
  none: string | null
): { servers: acp.McpServer[]; signals: Signal[] } {
  const taken: acp.McpServer[] = []
  const signals: Signal[] = []
  for (const server of servers) {
    const { name, command, args, url } = server
    const why = none ?? (server.transport === 'stdio' || can.http ? null : 'this agent takes none over HTTP')
    if (why === null && server.transport === 'stdio')
      taken.push({ name, command: command ?? '', args, env: pairs(server.env) })
    else if (why === null) taken.push({ type: 'http', name, url: url ?? '', headers: pairs(server.headers) })
    else {
      const message = `The run goes on without the MCP server ${name}: ${why}`
      signals.push(systemEvent('mcp_failed', message, { server: name }))
    }
  }
  return { servers: taken, signals }
}

function pairs(values: Record<string, string>): { name: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }))
}

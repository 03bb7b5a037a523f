import type { Assignment } from '#contract/runners/runner-protocol'

type Server = Assignment['mcpServers'][number]

export interface McpSetting {
  args: string[]
  env: Record<string, string>
}

/**
 * MCP servers as the CLI takes them. Values stand in the environment and only their names in the argument, which every
 * user of the machine can read; the CLI puts them in place.
 */
export function mcpSetting(servers: readonly Server[]): McpSetting {
  if (servers.length === 0) return { args: [], env: {} }
  const env: Record<string, string> = {}
  const named = (values: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const variable = `MCP_VALUE_${Object.keys(env).length}`
        env[variable] = value
        return [name, `\${${variable}}`]
      })
    )
  const entries = servers.map(server => [
    server.name,
    server.transport === 'stdio'
      ? { type: 'stdio', command: server.command, args: server.args, env: named(server.env) }
      : { type: 'http', url: server.url, headers: named(server.headers) }
  ])
  return { args: ['--mcp-config', JSON.stringify({ mcpServers: Object.fromEntries(entries) })], env }
}

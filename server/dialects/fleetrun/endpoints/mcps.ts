import { z } from 'zod'
import { endpoint, timestamp } from '#contract/endpoint'
import { mcpTransports, createMcp as ourCreateMcp } from '#contract/fleet/mcps'

export const mcp = z
  .object({
    id: z.uuid(),
    name: z.string(),
    transport: z.enum(mcpTransports),
    command: z.string().nullable(),
    args: z.array(z.string()),
    url: z.string().nullable(),
    env_keys: z.array(z.string()),
    status: z.enum(['unknown', 'ok', 'failed']),
    created_at: timestamp
  })
  .meta({ id: 'McpServer' })

export const listMcps = endpoint({
  id: 'listMcps',
  method: 'GET',
  path: '/api/mcps',
  tag: 'mcps',
  summary: 'List all configured MCP servers, most recent first',
  scope: 'read',
  output: z.array(mcp)
})

export const createMcp = endpoint({
  id: 'createMcp',
  method: 'POST',
  path: '/api/mcps',
  tag: 'mcps',
  summary: 'Add a new MCP server: stdio needs `command`, http needs `url`. Values of `env` may say `{{secret:KEY}}`',
  scope: 'write',
  body: ourCreateMcp.body.omit({ headers: true }),
  output: mcp,
  status: 201,
  errors: ['NAME_TAKEN', 'LIMIT_REACHED']
})

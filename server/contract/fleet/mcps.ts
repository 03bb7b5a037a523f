import { z } from 'zod'
import { endpoint, idParams, timestamp } from '../endpoint.ts'

export const mcpTransports = ['stdio', 'http'] as const

/** Values of `env` and `headers` may hold `{{secret:KEY}}`, put in only when a run starts. They are never shown again. */
export const mcp = z
  .object({
    id: z.uuid(),
    name: z.string(),
    transport: z.enum(mcpTransports),
    command: z.string().nullable(),
    args: z.array(z.string()),
    url: z.string().nullable(),
    envKeys: z.array(z.string()),
    headerKeys: z.array(z.string()),
    status: z.enum(['unknown', 'ok', 'failed']),
    detail: z.string().nullable(),
    checkedAt: timestamp.nullable(),
    createdAt: timestamp
  })
  .meta({ id: 'McpServer' })
export type Mcp = z.infer<typeof mcp>

export const maxMcps = 200

const variables = z.record(z.string().min(1).max(128), z.string().max(16_384))
const fields = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'printable characters are expected')
    .describe('What a CLI needs as an identifier is made of it'),
  transport: z.enum(mcpTransports),
  command: z.string().min(1).max(4096).nullable(),
  args: z.array(z.string().max(32_768)).max(256),
  url: z
    .url({ protocol: /^https?$/ })
    .max(4096)
    .nullable(),
  env: variables,
  headers: variables
})

/** A tool that a server offers. */
export const mcpTool = z.object({ name: z.string().max(200), description: z.string().max(2000).nullable() })
export const maxMcpTools = 500

/** How an MCP server answered when it was started or called. */
export const mcpCheck = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), tools: z.array(mcpTool).max(maxMcpTools) }),
  z.object({
    ok: z.literal(false),
    detail: z.string().max(4000),
    hangs: z.boolean().optional().describe('It did not answer in time')
  })
])
export type McpCheck = z.infer<typeof mcpCheck>

export const listMcps = endpoint({
  id: 'listMcps',
  method: 'GET',
  path: '/api/v1/mcps',
  tag: 'mcps',
  summary: 'MCP servers, most recent first',
  scope: 'read',
  output: z.object({ data: z.array(mcp) })
})

export const createMcp = endpoint({
  id: 'createMcp',
  method: 'POST',
  path: '/api/v1/mcps',
  tag: 'mcps',
  summary: 'Add an MCP server: stdio needs `command`, http needs `url`',
  scope: 'write',
  body: fields.partial().required({ name: true, transport: true }),
  output: mcp,
  status: 201,
  errors: ['NAME_TAKEN', 'LIMIT_REACHED']
})

export const getMcp = endpoint({
  id: 'getMcp',
  method: 'GET',
  path: '/api/v1/mcps/:id',
  tag: 'mcps',
  summary: 'One MCP server',
  scope: 'read',
  params: idParams,
  output: mcp,
  errors: ['NOT_FOUND']
})

export const changeMcp = endpoint({
  id: 'changeMcp',
  method: 'PATCH',
  path: '/api/v1/mcps/:id',
  tag: 'mcps',
  summary: 'Change an MCP server',
  scope: 'write',
  params: idParams,
  body: fields.partial(),
  output: mcp,
  errors: ['NOT_FOUND', 'NAME_TAKEN']
})

export const deleteMcp = endpoint({
  id: 'deleteMcp',
  method: 'DELETE',
  path: '/api/v1/mcps/:id',
  tag: 'mcps',
  summary: 'Remove an MCP server',
  scope: 'write',
  params: idParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND']
})

export const testMcp = endpoint({
  id: 'testMcp',
  method: 'POST',
  path: '/api/v1/mcps/:id/test',
  tag: 'mcps',
  summary:
    'Start or call the server as a run would, on a runner, and list its tools; the result is its status from then on. ' +
    'Secrets of the organisation are put in, those of single agents are not. It takes ten seconds at most.',
  scope: 'write',
  params: idParams,
  body: z.object({ runnerId: z.string().max(64).optional().describe('Default: the one of this computer') }),
  output: mcp.extend({ tools: z.array(mcpTool) }),
  errors: ['NOT_FOUND', 'UNKNOWN_RUNNER', 'RUNNER_OFFLINE', 'RUNNER_SILENT']
})

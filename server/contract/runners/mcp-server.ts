import { z } from 'zod'
import { mcpTransports } from '../fleet/mcps.ts'

/** An MCP server for a run, with every value in place. */
export const mcpServer = z.object({
  name: z.string(),
  transport: z.enum(mcpTransports),
  command: z.string().nullable(),
  args: z.array(z.string()),
  url: z.string().nullable(),
  env: z.record(z.string(), z.string()),
  headers: z.record(z.string(), z.string())
})
export type McpServer = z.infer<typeof mcpServer>

/** How an MCP server that came with a run did there. */
export const mcpOutcome = z.object({
  name: z.string().max(200),
  ok: z.boolean(),
  hangs: z.boolean().describe('It does not answer, so that waiting for it is in vain'),
  detail: z.string().max(2000).nullable()
})

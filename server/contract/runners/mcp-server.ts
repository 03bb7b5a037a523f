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

import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { type McpCheck, maxMcpTools } from '#contract/fleet/mcps'
import type { McpServer } from '#contract/runners/mcp-server'
import type { Place } from '../places/place.ts'
import { createRedactor, type Redactor, wordsOf } from '../redaction/redactor.ts'
import { NotInTime } from './not-in-time.ts'

type Tools = Extract<McpCheck, { ok: true }>['tools']

type Around = Pick<Place, 'environment' | 'start' | 'stop'>

/**
 * Starts or calls MCP servers as agents would, to see whether they answer. That one does not is an answer, too; no value of
 * the server's variables is in it.
 */
export function checkMcp(place: Around) {
  return async ({ server }: { server: McpServer }, signal: AbortSignal): Promise<McpCheck> => {
    const redactor = redactorOf(server)
    try {
      const tools = await toolsOf(place, server, signal)
      return { ok: true, tools: tools.slice(0, maxMcpTools).map(tool => presentable(tool, redactor)) }
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      const detail = redactor.text(words).slice(0, 4000)
      return { ok: false, detail, ...(error instanceof NotInTime ? { hangs: true } : {}) }
    }
  }
}

async function toolsOf(place: Around, server: McpServer, signal: AbortSignal): Promise<Tools> {
  // Read when first needed: a runner must start fast, and most never check anything.
  const { connectMcp } = await import('./mcp-client.ts')
  const around = { place, env: await place.environment(), cwd: tmpdir(), runId: `mcp-check-${randomUUID()}` }
  const client = await connectMcp(server, around, signal)
  try {
    return await client.tools()
  } finally {
    await client.close()
  }
}

function presentable({ name, description }: Tools[number], redactor: Redactor): Tools[number] {
  return {
    name: redactor.text(name).slice(0, 200),
    description: description === null ? null : redactor.text(description).slice(0, 2000)
  }
}

/** Hides every value whatever its name, and the parts of those that consist of several words, such as `Bearer …`. */
function redactorOf(server: McpServer): Redactor {
  return createRedactor({ secrets: wordsOf(server) })
}

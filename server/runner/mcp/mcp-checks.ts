import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { type McpCheck, maxMcpTools } from '#contract/fleet/mcps'
import type { McpServer } from '#contract/runners/runner-protocol'
import type { Environment } from '../machine/environment.ts'
import type { Place } from '../places/place.ts'
import { createRedactor, type Redactor, wordsOf } from '../redaction/redactor.ts'
import { NotInTime } from './not-in-time.ts'

/** In all: somebody waits for the answer. */
const usualLimitMs = 8000
/** Servers that are checked at a time. */
const maxChecks = 4

type Tools = Extract<McpCheck, { ok: true }>['tools']

/** Starts or calls MCP servers as agents would, to see whether they answer. */
export class McpChecks {
  private readonly env: () => Promise<Environment>
  private readonly place: Place
  private readonly limitMs: number
  private running = 0

  constructor(env: () => Promise<Environment>, place: Place, limitMs = usualLimitMs) {
    this.env = env
    this.place = place
    this.limitMs = limitMs
  }

  /** Never throws. No value of the server's variables is in what it returns. */
  async check(id: string, server: McpServer): Promise<McpCheck> {
    if (this.running >= maxChecks)
      return { ok: false, detail: `${maxChecks} MCP servers are being checked already; try again in a moment` }
    this.running++
    const redactor = redactorOf(server)
    try {
      const tools = await this.toolsOf(id, server)
      return { ok: true, tools: tools.slice(0, maxMcpTools).map(tool => presentable(tool, redactor)) }
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      const detail = redactor.text(words).slice(0, 4000)
      return { ok: false, detail, ...(error instanceof NotInTime ? { hangs: true } : {}) }
    } finally {
      this.running--
    }
  }

  private async toolsOf(id: string, server: McpServer): Promise<Tools> {
    // Read when first needed: a runner must start fast, and most never check anything.
    const { connectMcp } = await import('./mcp-client.ts')
    const signal = AbortSignal.timeout(this.limitMs)
    const place = { place: this.place, env: await this.env(), cwd: tmpdir(), runId: `mcp-check-${id || randomUUID()}` }
    const client = await connectMcp(server, place, signal)
    try {
      return await client.tools()
    } finally {
      await client.close()
    }
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

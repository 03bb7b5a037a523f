import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js'
import type { McpCheck } from '#contract/fleet/mcps'
import { maxMcpTools } from '#contract/fleet/mcps'
import type { McpServer } from '#contract/runners/mcp-server'
import packageJson from '../../../package.json' with { type: 'json' }
import { createLineReader } from '../execution/lines.ts'
import type { AgentProcess, Place } from '../places/place.ts'
import { NotInTime } from './not-in-time.ts'

/** Longest message of a server, and what is kept of what it says on stderr, in bytes. */
const maxMessageBytes = 8 << 20
const maxWords = 2000

type Tools = Extract<McpCheck, { ok: true }>['tools']

interface Around {
  place: Pick<Place, 'start' | 'stop'>
  env: Record<string, string>
  cwd: string
  runId: string
}

interface McpClient {
  tools(): Promise<Tools>
  /** Ends the server's process and all that it started; one that was waited for in vain goes on its own. */
  close(): Promise<void>
}

/** Throws when the server cannot be started or reached, or does not speak MCP, or is not done when `signal` is aborted. */
export async function connectMcp(server: McpServer, around: Around, signal: AbortSignal): Promise<McpClient> {
  const transport = server.transport === 'stdio' ? new ProcessTransport(server, around) : httpTransport(server)
  const client = new Client({ name: 'flotilla', version: packageJson.version })
  const process = transport instanceof ProcessTransport ? transport : null

  async function inTime<T>(work: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>()
    const onAbort = () => late.reject(new NotInTime())
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([work, late.promise])
    } catch (error) {
      const words = [messageOf(error), process?.lastWords()].filter(Boolean).join(': ')
      throw signal.aborted ? new NotInTime(words) : new Error(words)
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  async function end(): Promise<void> {
    if (signal.aborted) await process?.gone(true)
    await client.close().catch(() => {})
    await process?.gone()
  }

  async function close(): Promise<void> {
    const ended = end()
    // Who waited in vain need not wait for it to go, too: that takes seconds on a busy machine.
    if (signal.aborted) void ended.catch(() => {})
    else await ended
  }

  async function tools(): Promise<Tools> {
    const found: Tools = []
    let cursor: string | undefined
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor }, { signal })
      found.push(...page.tools.map(({ name, description }) => ({ name, description: description ?? null })))
      cursor = page.nextCursor
    } while (cursor !== undefined && found.length < maxMcpTools)
    return found
  }

  try {
    // Their type says less than ours about what may be undefined.
    await inTime(client.connect(transport as Transport, { signal }))
  } catch (error) {
    await close()
    throw error
  }
  return { tools: () => inTime(tools()), close }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

function httpTransport({ url, headers }: McpServer): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url ?? ''), {
    requestInit: { headers },
    fetch: async (address, init) => bounded(await fetch(address, init)),
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1000,
      maxReconnectionDelay: 1000,
      reconnectionDelayGrowFactor: 1
    }
  })
}

/** The same answer, that fails when it does not end. */
function bounded(answer: Response): Response {
  let bytes = 0
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length
      if (bytes > maxMessageBytes) controller.error(new Error(`The answer is longer than ${maxMessageBytes} bytes`))
      else controller.enqueue(chunk)
    }
  })
  const { status, statusText, headers } = answer
  return new Response(answer.body?.pipeThrough(counter) ?? null, { status, statusText, headers })
}

/** MCP over the pipes of a process at the place where agents run, which ends it with all that it started. */
class ProcessTransport {
  onmessage?: (message: JSONRPCMessage) => void
  onclose?: () => void
  onerror?: (error: Error) => void
  private readonly server: McpServer
  private readonly around: Around
  private process: AgentProcess | null = null
  private words = ''
  private ending: Promise<void> | null = null

  constructor(server: McpServer, around: Around) {
    this.server = server
    this.around = around
  }

  async start(): Promise<void> {
    const { place, env, cwd, runId } = this.around
    const { command, args, env: own } = this.server
    const spec = { file: command ?? '', args, env: own, stopSignal: 'SIGTERM' as const }
    const process = await place.start({ command: spec, cwd, env, runId })
    this.process = process
    const tooLong = () => this.onerror?.(new Error(`A message was longer than ${maxMessageBytes} bytes`))
    const reader = createLineReader(tooLong, maxMessageBytes)
    process.stdout.on('data', (chunk: Buffer) => {
      for (const line of reader.push(chunk)) this.receive(line)
    })
    process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-maxWords)
    })
    void process.exited.then(() => this.onclose?.())
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.process?.write(JSON.stringify(message))
  }

  async close(): Promise<void> {
    await this.gone()
    this.onclose?.()
  }

  /** `now`: without asking it first. */
  gone(now = false): Promise<void> {
    this.ending ??= this.process === null ? Promise.resolve() : this.end(this.process, now)
    return this.ending
  }

  lastWords(): string {
    return this.words.trim()
  }

  private receive(line: string): void {
    if (line.trim() === '') return
    try {
      this.onmessage?.(JSONRPCMessageSchema.parse(JSON.parse(line)))
    } catch {
      // Some print a greeting first; what is no message is passed over, as agents do.
      this.words = `${this.words}${line}\n`.slice(-maxWords)
    }
  }

  private async end(process: AgentProcess, now: boolean): Promise<void> {
    const ask = () => {
      process.closeStdin()
      return true
    }
    await this.around.place.stop(process, {
      ask,
      signal: 'SIGTERM',
      now: now ? AbortSignal.abort() : new AbortController().signal
    })
  }
}

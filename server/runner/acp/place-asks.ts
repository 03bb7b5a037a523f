import type { z } from 'zod'
import type { PlaceReply, PlaceRequest } from '../runtimes/requests.ts'
import type { Signal } from '../runtimes/runtime.ts'
import type { Permissions } from './permissions.ts'
import {
  type Answered,
  errorLine,
  ofTerminal,
  type RpcId,
  readAsked,
  resultLine,
  rpcCodes,
  terminalAsked,
  writeAsked
} from './protocol.ts'

type Method = Exclude<keyof Answered, 'session/request_permission'>

interface Printed {
  text: string
  code: number | null
}

/** Terminals whose last output is kept for the tool calls that show them. */
const mostPrinted = 100

/** What an agent asks of its place by the methods `fs/…` and `terminal/…`, and what it is answered. */
export class PlaceAsks {
  private readonly permissions: Permissions
  private readonly open = new Map<string, { id: RpcId; method: Method; terminal: string | null }>()
  private readonly outputs = new Map<string, Printed>()
  private count = 0

  constructor(permissions: Permissions) {
    this.permissions = permissions
  }

  /** null: it is no such method. */
  asked(id: RpcId, method: string, params: unknown): Signal[] | null {
    switch (method) {
      case 'fs/read_text_file':
        return this.read(id, readAsked, params, ({ path, line, limit }) =>
          this.put(id, method, null, { kind: 'readFile', path, line: line || 1, ...(limit == null ? {} : { limit }) })
        )
      case 'fs/write_text_file':
        return this.read(id, writeAsked, params, ({ path, content }) => {
          const request = { kind: 'writeFile', path, text: content } as const
          return this.permissions.askPlace(id, request, () => this.put(id, method, null, request))
        })
      case 'terminal/create':
        return this.read(id, terminalAsked, params, ({ command, args, env, cwd }) => {
          const variables = Object.fromEntries(env.map(({ name, value }) => [name, value]))
          const request = { kind: 'openTerminal', file: command, args, env: variables, cwd: cwd ?? null } as const
          return this.permissions.askPlace(id, request, () => this.put(id, method, null, request))
        })
      case 'terminal/output':
        return this.ofTerminal(id, method, params, terminal => ({ kind: 'readTerminal', terminal }))
      case 'terminal/wait_for_exit':
        return this.ofTerminal(id, method, params, terminal => ({ kind: 'awaitTerminal', terminal }))
      case 'terminal/kill':
        return this.ofTerminal(id, method, params, terminal => ({ kind: 'endTerminal', terminal }))
      case 'terminal/release':
        return this.ofTerminal(id, method, params, terminal => ({ kind: 'closeTerminal', terminal }))
      default:
        return null
    }
  }

  replied(key: string, reply: PlaceReply): Signal[] {
    const asked = this.open.get(key)
    if (asked === undefined) return []
    this.open.delete(key)
    const { id, method, terminal } = asked
    if (reply.kind === 'refused') {
      const code = /^There is no /.test(reply.message) ? rpcCodes.notFound : rpcCodes.internal
      return [{ type: 'write', line: errorLine(id, code, reply.message) }]
    }
    if (reply.kind === 'printed' && terminal !== null) this.keep(terminal, reply)
    return [{ type: 'write', line: resultLine(method, id, answerOf(method, reply)) }]
  }

  /** What a terminal printed as far as the agent asked. */
  printed(terminal: string): Printed | null {
    return this.outputs.get(terminal) ?? null
  }

  private read<S extends z.ZodType>(id: RpcId, schema: S, params: unknown, then: (read: z.output<S>) => Signal[]) {
    const parsed = schema.safeParse(params)
    if (parsed.success) return then(parsed.data)
    return [{ type: 'write', line: errorLine(id, rpcCodes.invalidParams, 'Invalid params') } as const]
  }

  private ofTerminal(id: RpcId, method: Method, params: unknown, request: (terminal: string) => PlaceRequest) {
    return this.read(id, ofTerminal, params, ({ terminalId }) => this.put(id, method, terminalId, request(terminalId)))
  }

  private put(id: RpcId, method: Method, terminal: string | null, request: PlaceRequest): Signal[] {
    const key = `place-${++this.count}`
    this.open.set(key, { id, method, terminal })
    return [{ type: 'request', key, request }]
  }

  private keep(terminal: string, { text, ended }: Extract<PlaceReply, { kind: 'printed' }>): void {
    this.outputs.delete(terminal)
    this.outputs.set(terminal, { text, code: ended?.code ?? null })
    const [oldest] = this.outputs.keys()
    if (this.outputs.size > mostPrinted && oldest !== undefined) this.outputs.delete(oldest)
  }
}

function answerOf(method: Method, reply: Exclude<PlaceReply, { kind: 'refused' }>): Answered[Method] {
  switch (reply.kind) {
    case 'done':
      return {}
    case 'text':
      return { content: reply.text }
    case 'opened':
      return { terminalId: reply.terminal }
    case 'printed': {
      const exit = { exitCode: reply.ended?.code ?? null, signal: reply.ended?.signal ?? null }
      if (method === 'terminal/wait_for_exit') return exit
      return { output: reply.text, truncated: reply.cut, ...(reply.ended === null ? {} : { exitStatus: exit }) }
    }
  }
}

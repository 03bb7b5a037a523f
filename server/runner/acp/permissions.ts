import type { PermissionMode } from '#contract/runs/runs'
import type { PlaceRequest } from '../runtimes/requests.ts'
import { type Answer, type Signal, systemEvent } from '../runtimes/runtime.ts'
import { type Covered, Granted } from './granted.ts'
import { errorLine, type PermissionOption, type RpcId, resultLine, rpcCodes } from './protocol.ts'
import { contentWords, inputOf, pathsOf, subjectOf, type ToolCall, toolOf, wantsOf } from './tool-calls.ts'

/** Questions of one agent that wait at a time. */
const mostAsked = 100

/** Something an agent waits for: a choice between options, or that we do what it asks of its place. */
type Asked =
  | { from: 'agent'; id: RpcId; call: ToolCall; options: readonly PermissionOption[] }
  | { from: 'place'; id: RpcId; request: Covered; go(): Signal[] }

/**
 * What an agent may do, decided here and not by it: in which mode what needs no asking, what was granted, and who is asked
 * for the rest. It also holds for files and terminals that an agent asks of its place without having asked for permission.
 */
export class Permissions {
  mode: PermissionMode
  private readonly never: ReadonlySet<string>
  private readonly granted: Granted
  private readonly asked = new Map<string, Asked>()
  private readonly refusedCalls = new Set<string>()
  private count = 0

  constructor(options: { mode: PermissionMode; allowedTools: readonly string[]; cwd: string | null }) {
    this.mode = options.mode
    this.never = new Set(options.allowedTools)
    this.granted = new Granted(options.cwd)
  }

  /** The agent asks whether it may do a call. */
  ask(id: RpcId, call: ToolCall, options: readonly PermissionOption[]): Signal[] {
    if (this.allows(call)) {
      this.granted.add(call)
      return [chosen(id, options, true)]
    }
    return this.put({ from: 'agent', id, call, options }, key => approvalOf(key, call))
  }

  /** The agent asks its place for something; `go` does it. */
  askPlace(id: RpcId, request: Covered, go: () => Signal[]): Signal[] {
    if (this.allowsPlace(request)) return go()
    return this.put({ from: 'place', id, request, go }, key => placeApproval(key, request))
  }

  answer({ key, allow, input, message }: Answer): Signal[] {
    const asked = this.asked.get(key)
    if (asked === undefined) return []
    this.asked.delete(key)
    // The protocol has no words for another input: what was not asked for is not done in its place.
    const changed = allow && input !== null && changes(asked, input)
    const signals = this.carryOut(asked, allow && !changed)
    if (changed) return [...signals, systemEvent('note', 'This agent takes no changed request: it was told no')]
    const unsaid = !allow && message != null && message.trim() !== ''
    return unsaid ? [...signals, systemEvent('note', 'This agent is told that it was refused, but not why')] : signals
  }

  /** It does not want to know any more. */
  withdraw(id: RpcId): Signal[] {
    const found = [...this.asked].find(([, asked]) => asked.id === id)
    if (found === undefined) return []
    this.asked.delete(found[0])
    const line = errorLine(id, -32800, 'Cancelled')
    return [
      { type: 'write', line },
      { type: 'withdrawn', key: found[0] }
    ]
  }

  /** The turn is being stopped: nothing of what was asked is done. */
  cancelAll(): Signal[] {
    const signals = [...this.asked].flatMap(([key, asked]): Signal[] => [
      asked.from === 'agent' ? cancelled(asked.id) : refusal(asked.id, 'Cancelled'),
      { type: 'withdrawn', key }
    ])
    this.asked.clear()
    return signals
  }

  /** What was granted, was for one turn. */
  turnEnded(): void {
    this.granted.clear()
    this.refusedCalls.clear()
  }

  wasRefused(callId: string): boolean {
    return this.refusedCalls.has(callId)
  }

  private allows(call: ToolCall): boolean {
    if (this.mode === 'bypassPermissions' || this.never.has(toolOf(call))) return true
    // Of a plan a person is asked in any other mode.
    return this.mode === 'acceptEdits' && call.kind === 'edit' && this.granted.inFolder(pathsOf(call))
  }

  private allowsPlace(request: Covered): boolean {
    if (this.mode === 'bypassPermissions') return true
    if (this.mode === 'acceptEdits' && request.kind === 'writeFile' && this.granted.inFolder([request.path]))
      return true
    return this.granted.covers(request)
  }

  /** A plan that is allowed is carried out. */
  private planned({ kind }: ToolCall): Signal[] {
    if (kind !== 'switch_mode' || this.mode !== 'plan') return []
    this.mode = 'default'
    return [{ type: 'facts', facts: { permissionMode: 'default' } }]
  }

  private put(asked: Asked, approval: (key: string) => Signal): Signal[] {
    if (this.asked.size >= mostAsked) {
      const why = `${mostAsked} questions wait for an answer already`
      return [asked.from === 'agent' ? cancelled(asked.id) : refusal(asked.id, why)]
    }
    const key = `ask-${++this.count}`
    this.asked.set(key, asked)
    return [approval(key)]
  }

  private carryOut(asked: Asked, allow: boolean): Signal[] {
    if (asked.from === 'place') return allow ? asked.go() : [refusal(asked.id, 'The user refused this')]
    if (allow) this.granted.add(asked.call)
    else this.refusedCalls.add(asked.call.id)
    return [chosen(asked.id, asked.options, allow), ...(allow ? this.planned(asked.call) : [])]
  }
}

function changes(asked: Asked, input: Record<string, unknown>): boolean {
  const before = asked.from === 'agent' ? askedInput(asked.call) : placeInput(asked.request)
  return Object.entries(input).some(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]))
}

/** Once, where there is a choice: what is granted for longer is granted by rules of ours. */
function chosen(id: RpcId, options: readonly PermissionOption[], allow: boolean): Signal {
  const kinds = allow ? (['allow_once', 'allow_always'] as const) : (['reject_once', 'reject_always'] as const)
  const option = kinds.flatMap(kind => options.find(one => one.kind === kind) ?? [])[0]
  if (option === undefined) return cancelled(id)
  const outcome = { outcome: 'selected', optionId: option.optionId } as const
  return { type: 'write', line: resultLine('session/request_permission', id, { outcome }) }
}

function cancelled(id: RpcId): Signal {
  return { type: 'write', line: resultLine('session/request_permission', id, { outcome: { outcome: 'cancelled' } }) }
}

function refusal(id: RpcId, why: string): Signal {
  return { type: 'write', line: errorLine(id, rpcCodes.internal, why) }
}

function approvalOf(key: string, call: ToolCall): Signal {
  const words = contentWords(call.content)
  const plan = call.kind === 'switch_mode'
  return {
    type: 'approval',
    key,
    kind: plan ? 'plan' : 'tool',
    tool: toolOf(call),
    toolUseId: call.id,
    title: wantsOf(call),
    subject: subjectOf(call),
    input: askedInput(call),
    reason: plan || words === '' ? null : words,
    editable: false
  }
}

function askedInput(call: ToolCall): Record<string, unknown> {
  const input = inputOf(call)
  if (call.kind !== 'switch_mode') return input
  return { plan: contentWords(call.content) || call.title, ...input }
}

function placeApproval(key: string, request: Covered): Signal {
  const file = request.kind === 'writeFile'
  return {
    type: 'approval',
    key,
    kind: 'tool',
    tool: file ? 'Write' : 'Terminal',
    toolUseId: null,
    title: file ? 'wants to write a file' : 'wants to run a command',
    subject: file ? request.path : [request.file, ...request.args].join(' '),
    input: placeInput(request),
    reason: null,
    editable: false
  }
}

function placeInput(request: Extract<PlaceRequest, { kind: 'writeFile' | 'openTerminal' }>): Record<string, unknown> {
  return request.kind === 'writeFile'
    ? { file_path: request.path, content: request.text }
    : { command: [request.file, ...request.args].join(' '), cwd: request.cwd }
}

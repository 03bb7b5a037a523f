import type { Answer, Signal } from '../runtime.ts'
import { requestOf } from './changes.ts'
import { elicited, formOf } from './elicitations.ts'
import { mcpTool, toolNames } from './items.ts'
import type { OpenItems } from './open-items.ts'
import {
  type Asking,
  type CommandApproval,
  type Elicitation,
  errorLine,
  type FileChange,
  type FileChangeApproval,
  type PermissionsApproval,
  type RequestId,
  resultLine,
  type UserInputRequest
} from './protocol.ts'
import { unwrapped } from './shell-words.ts'

type ApprovalSignal = Extract<Signal, { type: 'approval' }>
type Asked = Omit<ApprovalSignal, 'type' | 'key' | 'editable'>

interface Waiting {
  id: RequestId
  /** The answer in Codex's own form. */
  reply(answer: Answer): object
  /** Where words that came with the answer do not fit into the reply, what the agent is told beside it. */
  beside(answer: Answer): string | null
}

/** Requests that wait for a person, with their true input: what leaves the runner is redacted. */
export class Approvals {
  private readonly waiting = new Map<string, Waiting>()
  private readonly items: OpenItems
  private readonly allowed: ReadonlySet<string>

  /** `allowed`: names of tools that never ask. */
  constructor(items: OpenItems, allowed: readonly string[]) {
    this.items = items
    this.allowed = new Set(allowed)
  }

  /** Codex asks something. */
  request(line: Asking): Signal[] {
    switch (line.method) {
      case 'item/commandExecution/requestApproval':
        return this.ask(line.id, commandAsked(line.params), decided)
      case 'item/fileChange/requestApproval':
        return this.ask(line.id, editAsked(line.params, this.items.changesOf(line.params.itemId)), decided)
      case 'item/permissions/requestApproval':
        return this.ask(line.id, permissionsAsked(line.params), granted(line.params))
      case 'item/tool/requestUserInput':
        return this.ask(line.id, questionsAsked(line.params), answered(line.params))
      case 'mcpServer/elicitation/request':
        return this.elicitation(line.id, line.params)
    }
  }

  withdraw(id: RequestId): Signal[] {
    const key = String(id)
    return this.waiting.delete(key) ? [{ type: 'withdrawn', key }] : []
  }

  /** `beside`: what the agent must be told in the turn, since its protocol has no place for it in the answer. */
  answer(answer: Answer): { signals: Signal[]; beside: string | null } {
    const waiting = this.waiting.get(answer.key)
    if (waiting === undefined) return { signals: [], beside: null }
    this.waiting.delete(answer.key)
    const line = resultLine(waiting.id, waiting.reply(answer))
    return { signals: [{ type: 'write', line }], beside: waiting.beside(answer) }
  }

  private elicitation(id: RequestId, params: Elicitation): Signal[] {
    const { _meta: meta, serverName } = params
    if (meta?.codex_approval_kind === 'mcp_tool_call') {
      const tool = mcpTool(serverName, meta.tool_name ?? '')
      return this.ask(id, mcpAsked(params, tool, this.items.callOf(tool)), toolElicited)
    }
    const form = formOf(params)
    if (form !== null) return this.ask(id, form, elicited(params))
    return [{ type: 'write', line: errorLine(id, `A request of mode ${params.mode} is not supported`) }]
  }

  private ask(id: RequestId, asked: Asked, form: Omit<Waiting, 'id'>): Signal[] {
    const key = String(id)
    if (asked.kind === 'tool' && this.allows(asked.tool))
      return [{ type: 'write', line: resultLine(id, form.reply({ key, allow: true, input: null, message: null })) }]
    this.waiting.set(key, { id, ...form })
    // Codex takes a yes or a no and nothing else.
    return [{ type: 'approval', key, ...asked, editable: asked.kind !== 'tool' }]
  }

  /** By its name, or by that of its MCP server. */
  private allows(tool: string): boolean {
    const server = /^mcp__.+?(?=__)/.exec(tool)?.[0]
    return this.allowed.has(tool) || (server !== undefined && this.allowed.has(server))
  }
}

/** A changed request would run as it was asked: it is refused. */
const decided: Omit<Waiting, 'id'> = {
  reply: ({ allow, input }) => ({ decision: allow && input === null ? 'accept' : 'decline' }),
  beside
}

const toolElicited: Omit<Waiting, 'id'> = {
  reply: ({ allow, input }) =>
    allow && input === null
      ? { action: 'accept', content: {}, _meta: null }
      : { action: 'decline', content: null, _meta: null },
  beside
}

function beside({ allow, input, message }: Answer): string | null {
  const words = message?.trim()
  if (!allow && words) return `The user refused this, and says: ${words}`
  return allow && input !== null ? `The user would allow this only with: ${JSON.stringify(input)}` : null
}

function granted({ permissions }: PermissionsApproval): Omit<Waiting, 'id'> {
  return {
    reply: ({ allow, input }) => ({ permissions: allow && input === null ? permissions : {}, scope: 'turn' }),
    beside
  }
}

function answered({ questions }: UserInputRequest): Omit<Waiting, 'id'> {
  const refusal = (message: string | null) => message?.trim() || 'The user did not answer this. Go on without it.'
  return {
    reply: ({ allow, input, message }) => {
      const given = (input?.answers ?? {}) as Record<string, unknown>
      const answers = questions.map(({ id, question }) => {
        const said = allow ? given[question] : refusal(message)
        return [id, { answers: said === undefined ? [] : [said].flat().map(String) }]
      })
      return { answers: Object.fromEntries(answers) }
    },
    beside: () => null
  }
}

function commandAsked(params: CommandApproval): Asked {
  const { itemId, networkApprovalContext: network, reason } = params
  const command = unwrapped(params.command ?? '')
  const base = { kind: 'tool', tool: toolNames.command, toolUseId: itemId, reason: reason ?? null } as const
  if (network != null) {
    const address = network.protocol == null ? network.host : `${network.protocol}://${network.host}`
    const input = { url: address, ...(command === '' ? {} : { by: command }) }
    return { ...base, title: 'wants to reach another machine', subject: address, input }
  }
  const title = params.kind === 'writeStdin' ? 'wants to type into a running command' : 'wants to run a command'
  return { ...base, title, subject: command, input: { command, ...(params.cwd == null ? {} : { cwd: params.cwd }) } }
}

function editAsked({ itemId, reason, grantRoot }: FileChangeApproval, changes: readonly FileChange[]): Asked {
  const [only] = changes
  const alone = changes.length === 1 && only !== undefined && only.kind.type !== 'delete'
  const input = alone ? requestOf(only) : { changes: changes.map(requestOf) }
  return {
    kind: 'tool',
    tool: toolNames.edit,
    toolUseId: itemId,
    title:
      grantRoot == null ? titleOfEdit(changes) : `${titleOfEdit(changes)}, and to write anywhere below ${grantRoot}`,
    subject: changes.map(({ path }) => path).join('\n'),
    input: grantRoot == null ? input : { ...input, andAllBelow: grantRoot },
    reason: reason ?? null
  }
}

function titleOfEdit(changes: readonly FileChange[]): string {
  const [only] = changes
  if (changes.length !== 1 || only === undefined) return `wants to change ${changes.length} files`
  switch (only.kind.type) {
    case 'add':
      return 'wants to write a file'
    case 'delete':
      return `wants to delete ${only.path}`
    default:
      return 'wants to change a file'
  }
}

function permissionsAsked({ itemId, reason, permissions }: PermissionsApproval): Asked {
  return {
    kind: 'tool',
    tool: 'request_permissions',
    toolUseId: itemId,
    title: 'wants more rights for this turn',
    subject: JSON.stringify(permissions),
    input: permissions,
    reason: reason ?? null
  }
}

function questionsAsked({ itemId, questions }: UserInputRequest): Asked {
  const shown = questions.map(({ header, question, options }) => ({
    header: header ?? '',
    question,
    multiSelect: false,
    options: (options ?? []).map(({ label, description }) => ({ label, description: description ?? '' }))
  }))
  return {
    kind: 'question',
    tool: 'request_user_input',
    toolUseId: itemId,
    title: 'has a question',
    subject: questions.map(({ question }) => question).join('\n'),
    input: { questions: shown },
    reason: null
  }
}

function mcpAsked({ serverName, _meta: meta }: Elicitation, tool: string, toolUseId: string | null): Asked {
  const input = meta?.tool_params ?? {}
  return {
    kind: 'tool',
    tool,
    toolUseId,
    title: `wants to use ${meta?.tool_name ?? 'a tool'} of ${serverName}`,
    subject: JSON.stringify(input),
    input,
    reason: meta?.tool_description ?? null
  }
}

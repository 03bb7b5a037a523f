import { z } from 'zod'
import type { AgentImage } from '../runtime.ts'

/**
 * What `codex app-server` writes to stdout and reads: JSON-RPC, a message a line. Only methods and fields that are used
 * are named: every version adds others, and a line that does not fit must never end a run.
 */
const words = z.string().nullish().catch(null)
const count = z.number().nonnegative().catch(0)
const id = z.union([z.string(), z.number()])

const change = z.object({
  path: z.string(),
  kind: z.object({ type: z.string(), move_path: words }).catch({ type: 'update', move_path: null }),
  diff: z.string().catch('')
})
export type FileChange = z.infer<typeof change>

const planStep = z.object({ step: z.string(), status: z.string() })

const agentMessage = z.object({ type: z.literal('agentMessage'), id: z.string(), text: z.string() })
const plan = z.object({ type: z.literal('plan'), id: z.string(), text: z.string() })
const reasoning = z.object({
  type: z.literal('reasoning'),
  id: z.string(),
  summary: z.array(z.string()).catch([]),
  content: z.array(z.string()).catch([])
})
const commandExecution = z.object({
  type: z.literal('commandExecution'),
  id: z.string(),
  command: z.string(),
  cwd: words,
  status: z.string(),
  commandActions: z.array(z.looseObject({ type: z.string() })).catch([]),
  aggregatedOutput: words,
  exitCode: z.int().nullish().catch(null),
  durationMs: z.int().nullish().catch(null)
})
export type CommandItem = z.infer<typeof commandExecution>
const fileChange = z.object({
  type: z.literal('fileChange'),
  id: z.string(),
  changes: z.array(change).catch([]),
  status: z.string()
})
export type FileChangeItem = z.infer<typeof fileChange>
const mcpToolCall = z.object({
  type: z.literal('mcpToolCall'),
  id: z.string(),
  server: z.string(),
  tool: z.string(),
  status: z.string(),
  arguments: z.unknown(),
  result: z
    .object({ content: z.array(z.looseObject({ type: z.string() })).catch([]) })
    .nullish()
    .catch(null),
  error: z.object({ message: z.string() }).nullish().catch(null),
  durationMs: z.int().nullish().catch(null)
})
export type McpItem = z.infer<typeof mcpToolCall>
const webSearch = z.object({
  type: z.literal('webSearch'),
  id: z.string(),
  query: z.string().catch(''),
  action: z.looseObject({ type: z.string() }).nullish().catch(null)
})
export type WebSearchItem = z.infer<typeof webSearch>
const collab = z.object({
  type: z.literal('collabAgentToolCall'),
  id: z.string(),
  tool: z.string(),
  status: z.string(),
  receiverThreadIds: z.array(z.string()).catch([]),
  prompt: words,
  agentsStates: z.record(z.string(), z.looseObject({ status: words, message: words })).catch({})
})
export type CollabItem = z.infer<typeof collab>
const other = z.looseObject({ type: z.string(), id: z.string().catch('') }).transform(({ type, ...rest }) => ({
  type: 'other' as const,
  name: type,
  id: rest.id,
  rest
}))

const item = z.union([
  z.discriminatedUnion('type', [
    agentMessage,
    plan,
    reasoning,
    commandExecution,
    fileChange,
    mcpToolCall,
    webSearch,
    collab
  ]),
  other
])
export type Item = z.infer<typeof item>

const turnError = z.object({
  message: z.string().catch(''),
  codexErrorInfo: z.unknown().optional(),
  additionalDetails: words
})
export type TurnError = z.infer<typeof turnError>

const tokens = z.object({
  inputTokens: count,
  cachedInputTokens: count,
  cacheWriteInputTokens: count,
  outputTokens: count
})
export type CodexTokens = z.infer<typeof tokens>

/** What is said of one thread. The agent's own is one of them; each of its sub-agents has another. */
const inThread = z.object({ threadId: z.string(), turnId: z.string().catch('') })

function notification<M extends string, S extends z.ZodType>(method: M, params: S) {
  return z.object({ method: z.literal(method), params })
}

function request<M extends string, S extends z.ZodType>(method: M, params: S) {
  return z.object({ method: z.literal(method), id, params })
}

const textDelta = inThread.extend({ itemId: z.string(), delta: z.string() })

const turn = z.object({ id: z.string(), status: z.string(), error: turnError.nullish().catch(null), durationMs: count })

const commandApproval = inThread.extend({
  kind: z.string().catch('command'),
  itemId: z.string(),
  command: words,
  cwd: words,
  reason: words,
  networkApprovalContext: z.object({ host: z.string(), protocol: words }).nullish().catch(null)
})
export type CommandApproval = z.infer<typeof commandApproval>

const fileChangeApproval = inThread.extend({ itemId: z.string(), reason: words, grantRoot: words })
export type FileChangeApproval = z.infer<typeof fileChangeApproval>

const permissionsApproval = inThread.extend({
  itemId: z.string(),
  cwd: words,
  reason: words,
  permissions: z.record(z.string(), z.unknown())
})
export type PermissionsApproval = z.infer<typeof permissionsApproval>

const userInput = inThread.extend({
  itemId: z.string(),
  questions: z.array(
    z.object({
      id: z.string(),
      header: words,
      question: z.string(),
      options: z
        .array(z.object({ label: z.string(), description: words }))
        .nullish()
        .catch(null)
    })
  )
})
export type UserInputRequest = z.infer<typeof userInput>

const elicitation = z.looseObject({
  threadId: z.string(),
  serverName: z.string(),
  mode: z.string(),
  message: z.string().catch(''),
  url: words,
  requestedSchema: z
    .looseObject({ properties: z.record(z.string(), z.looseObject({})).catch({}) })
    .nullish()
    .catch(null),
  _meta: z
    .looseObject({
      codex_approval_kind: words,
      tool_name: words,
      tool_description: words,
      tool_params: z.record(z.string(), z.unknown()).nullish().catch(null)
    })
    .nullish()
    .catch(null)
})
export type Elicitation = z.infer<typeof elicitation>

const named = z.discriminatedUnion('method', [
  notification('item/started', inThread.extend({ item })),
  notification('item/completed', inThread.extend({ item })),
  notification('item/agentMessage/delta', textDelta),
  notification('item/reasoning/summaryTextDelta', textDelta),
  notification('item/reasoning/textDelta', textDelta),
  notification('turn/started', inThread.pick({ threadId: true }).extend({ turn })),
  notification('turn/completed', inThread.pick({ threadId: true }).extend({ turn })),
  notification('turn/plan/updated', inThread.extend({ explanation: words, plan: z.array(planStep) })),
  notification(
    'thread/tokenUsage/updated',
    inThread.extend({
      tokenUsage: z.object({ total: tokens, last: tokens, modelContextWindow: z.number().nullish().catch(null) })
    })
  ),
  notification('error', inThread.partial().extend({ error: turnError, willRetry: z.boolean().catch(false) })),
  notification('warning', z.object({ message: z.string() })),
  notification('guardianWarning', z.object({ message: z.string() })),
  notification('configWarning', z.object({ summary: z.string(), details: words })),
  notification('model/rerouted', inThread.extend({ fromModel: z.string(), toModel: z.string() })),
  notification(
    'mcpServer/startupStatus/updated',
    z.object({ name: z.string(), status: z.string(), error: words, failureReason: words })
  ),
  notification('serverRequest/resolved', z.object({ requestId: id })),
  request('item/commandExecution/requestApproval', commandApproval),
  request('item/fileChange/requestApproval', fileChangeApproval),
  request('item/permissions/requestApproval', permissionsApproval),
  request('item/tool/requestUserInput', userInput),
  request('mcpServer/elicitation/request', elicitation)
])
type NamedLine = z.infer<typeof named>
export type Asking = Extract<NamedLine, { id: unknown }>
export type Telling = Exclude<NamedLine, Asking>
export type Told<M extends Telling['method']> = Extract<Telling, { method: M }>['params']

/** Of a method that this does not know: an answer is owed all the same. */
const unknownRequest = z.object({ id, method: z.string() })

const response = z.object({
  id,
  method: z.undefined().optional(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number().catch(0), message: z.string().catch('') }).optional()
})
export type Response = z.infer<typeof response>

export const codexLine = z.union([named, response, unknownRequest])
export type CodexLine = z.infer<typeof codexLine>

export const initialized = z.object({ userAgent: z.string().catch('') })
export const account = z.object({ account: z.unknown().optional(), requiresOpenaiAuth: z.boolean().catch(false) })
export const effectiveConfig = z.object({ config: z.object({ openai_base_url: words }) })
export const threadReply = z.object({ thread: z.object({ id: z.string() }), model: words, cwd: words })
export const turnReply = z.object({ turn: z.object({ id: z.string() }) })

export type RequestId = z.infer<typeof id>

export function requestLine(id: RequestId, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params })
}

export function notificationLine(method: string): string {
  return JSON.stringify({ jsonrpc: '2.0', method })
}

export function resultLine(id: RequestId, result: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result })
}

export function errorLine(id: RequestId, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_601, message } })
}

/** Images stand before the words that are about them. */
export function userInputOf(text: string, images: readonly AgentImage[] = []): object[] {
  const pictures = images.map(({ mediaType, data }) => ({ type: 'image', url: `data:${mediaType};base64,${data}` }))
  return [...pictures, { type: 'text', text, text_elements: [] }]
}

import type * as acp from '@agentclientprotocol/sdk'
import { z } from 'zod'
import { numbers, record, some } from './lenient.ts'

/**
 * The Agent Client Protocol, version 1: what its official SDK lists as stable, by the types of that SDK. What agents write
 * is read by schemas of ours that name only what is used, since a field that does not fit must never end a run.
 */
export const protocolVersion = 1 satisfies typeof acp.PROTOCOL_VERSION

/** JSON-RPC ids of an agent may be 0. */
export type RpcId = string | number

/** What we ask of an agent. */
export interface Asked {
  initialize: acp.InitializeRequest
  'session/new': acp.NewSessionRequest
  'session/resume': acp.ResumeSessionRequest
  'session/load': acp.LoadSessionRequest
  'session/set_mode': acp.SetSessionModeRequest
  'session/set_config_option': acp.SetSessionConfigOptionRequest
  'session/prompt': acp.PromptRequest
}

/** What we answer, by what was asked. */
export interface Answered {
  'session/request_permission': acp.RequestPermissionResponse
  'fs/read_text_file': acp.ReadTextFileResponse
  'fs/write_text_file': acp.WriteTextFileResponse
  'terminal/create': acp.CreateTerminalResponse
  'terminal/output': acp.TerminalOutputResponse
  'terminal/wait_for_exit': acp.WaitForTerminalExitResponse
  'terminal/kill': acp.KillTerminalResponse
  'terminal/release': acp.ReleaseTerminalResponse
}

const id = z.union([z.string(), z.number()])
const failure = z.object({ code: numbers, message: z.string().catch(''), data: z.unknown().optional() })
export type RpcFailure = z.infer<typeof failure>

/** One line of an agent: an answer when it has no method, a notification when it has no id. */
export const rpcLine = z.object({
  id: id.nullish(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: failure.optional()
})
export type RpcLine = z.infer<typeof rpcLine>

export const initialized = z.object({
  protocolVersion: z.number(),
  agentInfo: z
    .object({ name: z.string(), title: z.string().nullish(), version: z.string().catch('') })
    .nullish()
    .catch(null),
  authMethods: some(z.object({ name: z.string() })),
  agentCapabilities: z
    .object({
      promptCapabilities: z.object({ image: z.boolean().catch(false) }).catch({ image: false }),
      mcpCapabilities: z.object({ http: z.boolean().catch(false) }).catch({ http: false }),
      sessionCapabilities: z.object({ resume: z.unknown().optional() }).catch({})
    })
    .catch({ promptCapabilities: { image: false }, mcpCapabilities: { http: false }, sessionCapabilities: {} })
})
export type Initialized = z.infer<typeof initialized>

const choice = z.object({ value: z.string() })
const configOption = z.object({
  id: z.string(),
  category: z.string().nullish().catch(null),
  currentValue: z.unknown(),
  /** Grouped or not. */
  options: z.array(z.union([choice, z.object({ options: some(choice) })])).catch([])
})
export type ConfigOption = z.infer<typeof configOption>

/** What the answers to `session/new`, `session/resume` and `session/load` have in common. */
export const sessionState = z.object({
  sessionId: z.string().nullish().catch(null),
  modes: z
    .object({ currentModeId: z.string(), availableModes: some(z.object({ id: z.string() })) })
    .nullish()
    .catch(null),
  configOptions: some(configOption)
})
export type SessionState = z.infer<typeof sessionState>

const tokens = z.int().min(0).catch(0)
/** Not in the stable list, but told by many agents: what one prompt took. */
const promptUsage = z.object({
  inputTokens: tokens,
  outputTokens: tokens,
  cachedReadTokens: tokens,
  cachedWriteTokens: tokens
})
export type PromptUsage = z.infer<typeof promptUsage>

export const prompted = z.object({
  stopReason: z.enum(['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled']),
  usage: promptUsage.nullish().catch(null),
  _meta: z.unknown().optional()
})
export type Prompted = z.infer<typeof prompted>

const block = z.looseObject({ type: z.string() })
export type Block = z.infer<typeof block>

const toolContent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('content'), content: block }),
  z.object({ type: z.literal('diff'), path: z.string(), oldText: z.string().nullish(), newText: z.string() }),
  z.object({ type: z.literal('terminal'), terminalId: z.string() })
])
export type ToolContent = z.infer<typeof toolContent>

const kinds = ['read', 'edit', 'delete', 'move', 'search', 'execute', 'think', 'fetch', 'switch_mode', 'other'] as const
export type AcpToolKind = (typeof kinds)[number] & acp.ToolKind

/** A tool call or what changed of one: what is not there stays as it was. */
const toolCall = z.object({
  toolCallId: z.string(),
  title: z.string().nullish().catch(null),
  name: z.string().nullish().catch(null),
  kind: z.enum(kinds).nullish().catch(null),
  status: z.enum(['pending', 'in_progress', 'completed', 'failed']).nullish().catch(null),
  content: some(toolContent).nullish(),
  locations: some(z.object({ path: z.string() })).nullish(),
  rawInput: z.unknown().optional(),
  rawOutput: z.unknown().optional()
})
export type ToolCallSaid = z.infer<typeof toolCall>

const chunk = { content: block, messageId: z.string().nullish().catch(null) }
const planEntry = z.object({ content: z.string(), priority: z.string().catch(''), status: z.string().catch('') })

export const update = z.discriminatedUnion('sessionUpdate', [
  z.object({ sessionUpdate: z.literal('user_message_chunk') }),
  z.object({ sessionUpdate: z.literal('agent_message_chunk'), ...chunk }),
  z.object({ sessionUpdate: z.literal('agent_thought_chunk'), ...chunk }),
  toolCall.extend({ sessionUpdate: z.literal('tool_call') }),
  toolCall.extend({ sessionUpdate: z.literal('tool_call_update') }),
  z.object({ sessionUpdate: z.literal('plan'), entries: some(planEntry) }),
  z.object({
    sessionUpdate: z.literal('available_commands_update'),
    availableCommands: some(z.object({ name: z.string() }))
  }),
  z.object({ sessionUpdate: z.literal('current_mode_update'), currentModeId: z.string() }),
  z.object({ sessionUpdate: z.literal('config_option_update'), configOptions: some(configOption) }),
  z.object({ sessionUpdate: z.literal('session_info_update') }),
  z.object({
    sessionUpdate: z.literal('usage_update'),
    used: tokens,
    size: tokens,
    cost: z
      .object({ amount: z.number().min(0), currency: z.string() })
      .nullish()
      .catch(null)
  })
])
export type Update = z.infer<typeof update>

export const updated = z.object({ sessionId: z.string(), update: z.unknown() })

const option = z.object({
  optionId: z.string(),
  kind: z.enum(['allow_once', 'allow_always', 'reject_once', 'reject_always'])
})
export type PermissionOption = z.infer<typeof option>

export const permissionAsked = z.object({ sessionId: z.string(), toolCall, options: some(option) })
export const readAsked = z.object({
  sessionId: z.string(),
  path: z.string(),
  line: z.int().min(0).nullish(),
  limit: z.int().min(0).nullish()
})
export const writeAsked = z.object({ sessionId: z.string(), path: z.string(), content: z.string() })
export const terminalAsked = z.object({
  sessionId: z.string(),
  command: z.string(),
  args: z.array(z.string()).default([]),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  cwd: z.string().nullish()
})
export const ofTerminal = z.object({ sessionId: z.string(), terminalId: z.string() })
export const cancelAsked = z.object({ requestId: id })

/** Codes of JSON-RPC and of ACP. */
export const rpcCodes = {
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  authRequired: -32000,
  notFound: -32002
}

export function requestLine<M extends keyof Asked>(id: RpcId, method: M, params: Asked[M]): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params })
}

export function cancelLine(params: acp.CancelNotification): string {
  return JSON.stringify({ jsonrpc: '2.0', method: 'session/cancel', params })
}

export function resultLine<M extends keyof Answered>(_: M, id: RpcId, result: Answered[M]): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result })
}

export function errorLine(id: RpcId, code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })
}

/** Words of a block; what is not text is named in brackets. */
export function blockText(block: Block): string {
  if (block.type === 'text') return typeof block.text === 'string' ? block.text : ''
  const resource = record(block.resource)
  if (block.type === 'resource' && typeof resource?.text === 'string') return resource.text
  const named = block.uri ?? resource?.uri
  return typeof named === 'string' ? `[${block.type} ${named}]` : `[${block.type}]`
}

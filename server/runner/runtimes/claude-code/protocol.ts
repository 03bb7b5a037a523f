import { z } from 'zod'
import type { AgentImage } from '../runtime.ts'

/**
 * What `claude` writes to stdout in two-way stream-json mode, and what it reads. Only fields that are used are named:
 * every version adds others, and a line that does not fit must never end a run.
 */
const count = z.number().catch(0)

export const claudeUsage = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count
})
export type ClaudeUsage = z.infer<typeof claudeUsage>

const noUsage: ClaudeUsage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0
}

const contentBlock = z.looseObject({ type: z.string() })
export type ContentBlock = z.infer<typeof contentBlock>
const content = z.union([z.string(), z.array(contentBlock)])
export type Content = z.infer<typeof content>

const parent = z.string().nullish()

const assistant = z.object({
  type: z.literal('assistant'),
  message: z.object({
    id: z.string().catch(''),
    model: z.string().catch(''),
    content: z.array(contentBlock),
    usage: claudeUsage.catch(noUsage)
  }),
  parent_tool_use_id: parent,
  error: z.string().nullish().catch(null)
})
export type AssistantLine = z.infer<typeof assistant>

const user = z.object({
  type: z.literal('user'),
  message: z.object({ content }),
  parent_tool_use_id: parent,
  tool_use_result: z.unknown().optional()
})
export type UserLine = z.infer<typeof user>

const system = z.looseObject({ type: z.literal('system'), subtype: z.string() })
export type SystemLine = z.infer<typeof system>

const streamEvent = z.object({
  type: z.literal('stream_event'),
  event: z.looseObject({ type: z.string() }),
  parent_tool_use_id: parent
})
export type StreamLine = z.infer<typeof streamEvent>

const modelUsage = z.object({
  inputTokens: count,
  outputTokens: count,
  cacheReadInputTokens: count,
  cacheCreationInputTokens: count,
  costUSD: count,
  contextWindow: z.number().nullish().catch(null)
})
export type ModelUsage = z.infer<typeof modelUsage>
const usageByModel = z.record(z.string(), modelUsage)

const result = z.object({
  type: z.literal('result'),
  subtype: z.string(),
  is_error: z.boolean(),
  api_error_status: z.int().nullish().catch(null),
  terminal_reason: z.string().nullish().catch(null),
  session_id: z.string().catch(''),
  result: z.string().nullish().catch(null),
  errors: z.array(z.string()).catch([]),
  num_turns: count,
  duration_ms: count,
  total_cost_usd: z.number().nullish().catch(null),
  usage: claudeUsage.catch(noUsage),
  modelUsage: usageByModel.catch({}),
  /** Newer versions only. */
  model_usage_since_last_result: usageByModel.nullable().default(null).catch(null),
  /** Of a turn that the CLI began by itself. */
  origin: z.object({ kind: z.string() }).nullish().catch(null)
})
export type ResultLine = z.infer<typeof result>

const controlRequest = z.object({
  type: z.literal('control_request'),
  request_id: z.string(),
  request: z.looseObject({ subtype: z.string() })
})
export type ControlRequestLine = z.infer<typeof controlRequest>

export const permissionRequest = z.object({
  subtype: z.literal('can_use_tool'),
  tool_name: z.string(),
  input: z.record(z.string(), z.unknown()).catch({}),
  tool_use_id: z.string().nullish().catch(null)
})
export type PermissionRequest = z.infer<typeof permissionRequest>

const controlResponse = z.object({
  type: z.literal('control_response'),
  response: z.object({
    subtype: z.string(),
    request_id: z.string().catch(''),
    error: z.string().nullish().catch(null),
    response: z.unknown().optional()
  })
})
export type ControlResponseLine = z.infer<typeof controlResponse>

/** The answer to `mcp_status`. */
const mcpServerStatus = z.object({ name: z.string(), status: z.string(), error: z.string().nullish().catch(null) })
export type McpServerStatus = z.infer<typeof mcpServerStatus>
export const mcpStatuses = z.object({ mcpServers: z.array(mcpServerStatus) })

const controlCancel = z.object({ type: z.literal('control_cancel_request'), request_id: z.string() })

export const claudeLine = z.discriminatedUnion('type', [
  assistant,
  user,
  system,
  streamEvent,
  result,
  controlRequest,
  controlResponse,
  controlCancel
])
export type ClaudeLine = z.infer<typeof claudeLine>

/** Images stand before the words that are about them. */
export function userMessage(text: string, images: readonly AgentImage[]): string {
  const content = images.length === 0 ? text : [...images.map(imageBlock), { type: 'text', text }]
  return JSON.stringify({ type: 'user', message: { role: 'user', content }, parent_tool_use_id: null })
}

function imageBlock({ mediaType, data }: AgentImage) {
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data } }
}

export function controlMessage(requestId: string, request: Record<string, unknown>): string {
  return JSON.stringify({ type: 'control_request', request_id: requestId, request })
}

export function allowMessage(requestId: string, input: Record<string, unknown>): string {
  return responseMessage(requestId, { behavior: 'allow', updatedInput: input })
}

export function denyMessage(requestId: string, reason: string): string {
  return responseMessage(requestId, { behavior: 'deny', message: reason })
}

export function refuseMessage(requestId: string, error: string): string {
  return JSON.stringify({ type: 'control_response', response: { subtype: 'error', request_id: requestId, error } })
}

function responseMessage(requestId: string, response: Record<string, unknown>): string {
  return JSON.stringify({
    type: 'control_response',
    response: { subtype: 'success', request_id: requestId, response }
  })
}

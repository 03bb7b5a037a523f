import { z } from 'zod'
import { agentApprovalKinds } from '#contract/runs/approvals'
import { hunk, toolKinds } from '#contract/runs/events'
import { imageTypes } from '#contract/runs/image-content'
import { permissionModes } from '#contract/runs/runs'

/**
 * The JSON-lines protocol for programs that want to be agents, as docs/command-protocol.md describes it: one JSON object
 * per line, from the agent on stdout, to the agent on stdin. Unknown fields are ignored.
 */
const id = z.string().min(1).max(200)
const tokens = z.int().min(0).default(0)
const parent = id.nullish()

const text = z.object({ type: z.literal('text'), text: z.string(), block: id.nullish(), parent })
const thinking = z.object({ type: z.literal('thinking'), text: z.string(), block: id.nullish(), parent })
const delta = z.object({
  type: z.literal('delta'),
  block: id,
  text: z.string(),
  kind: z.enum(['text', 'thinking']).default('text'),
  parent
})
const toolUse = z.object({
  type: z.literal('tool_use'),
  id,
  tool: z.string().min(1).max(200),
  kind: z.enum(toolKinds).default('other'),
  argument: z.string().nullish(),
  input: z.unknown().optional(),
  parent
})
const toolResult = z.object({
  type: z.literal('tool_result'),
  id,
  text: z.string().default(''),
  isError: z.boolean().default(false),
  exitCode: z.int().nullish(),
  diff: z.object({ path: z.string(), created: z.boolean().default(false), hunks: z.array(hunk) }).nullish(),
  durationMs: z.int().nullish(),
  parent
})
const approval = z.object({
  type: z.literal('approval'),
  key: id,
  kind: z.enum(agentApprovalKinds).default('tool'),
  tool: z.string().min(1).max(200),
  toolUseId: id.nullish(),
  title: z.string().max(2000),
  subject: z.string().default(''),
  input: z.record(z.string(), z.unknown()).default({}),
  reason: z.string().nullish()
})
const withdrawn = z.object({ type: z.literal('withdrawn'), key: id })
const usage = z.object({
  type: z.literal('usage'),
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadTokens: tokens,
  cacheWriteTokens: tokens,
  costUsd: z.number().nonnegative().optional(),
  contextUsed: z.int().min(0).optional(),
  contextMax: z.int().min(0).optional(),
  model: z.string().max(200).optional()
})
const session = z.object({ type: z.literal('session'), id: z.string().min(1).max(4096) })
const waiting = z.object({ type: z.literal('waiting'), reason: z.string().max(900).nullable() })
const result = z.object({
  type: z.literal('result'),
  text: z.string().default(''),
  interrupted: z.boolean().default(false)
})
const error = z.object({
  type: z.literal('error'),
  message: z.string(),
  code: z.string().max(64).default('AGENT_FAILED')
})

export const fromAgent = z.discriminatedUnion('type', [
  text,
  thinking,
  delta,
  toolUse,
  toolResult,
  approval,
  withdrawn,
  usage,
  session,
  waiting,
  result,
  error
])
export type FromAgent = z.infer<typeof fromAgent>

const mode = z.enum(permissionModes)
/** `data` is base64. Not there when nothing came along. */
const images = z
  .array(z.object({ mediaType: z.enum(imageTypes), data: z.string(), name: z.string().nullable() }))
  .optional()

export const toAgent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('prompt'),
    text: z.string(),
    session: z.string().nullable(),
    fork: z.boolean(),
    permissionMode: mode,
    model: z.string().nullable(),
    images
  }),
  z.object({
    type: z.literal('answer'),
    key: z.string(),
    allow: z.boolean(),
    input: z.record(z.string(), z.unknown()).nullable(),
    message: z.string().nullable()
  }),
  z.object({ type: z.literal('message'), text: z.string(), images }),
  z.object({ type: z.literal('interrupt') }),
  z.object({ type: z.literal('change'), permissionMode: mode.nullable(), model: z.string().nullable() })
])
export type ToAgent = z.infer<typeof toAgent>

import { z } from 'zod'

/** What `gemini -o stream-json` prints. Only fields that are used are named: every version adds others. */
const count = z.int().min(0).catch(0)

const modelStats = z.object({ total_tokens: count })
const stats = z.object({
  total_tokens: count,
  input_tokens: count,
  output_tokens: count,
  cached: count,
  duration_ms: count,
  models: z.record(z.string(), modelStats).catch({})
})
export type GeminiStats = z.infer<typeof stats>

const init = z.object({ type: z.literal('init'), session_id: z.string(), model: z.string().catch('') })
const message = z.object({ type: z.literal('message'), role: z.string(), content: z.string() })
const toolUse = z.object({
  type: z.literal('tool_use'),
  tool_name: z.string(),
  tool_id: z.string(),
  parameters: z.record(z.string(), z.unknown()).catch({})
})
export type ToolUseLine = z.infer<typeof toolUse>
const toolResult = z.object({
  type: z.literal('tool_result'),
  tool_id: z.string(),
  status: z.string(),
  output: z.string().catch(''),
  error: z
    .object({ message: z.string().catch('') })
    .nullish()
    .catch(null)
})
export type ToolResultLine = z.infer<typeof toolResult>
const error = z.object({ type: z.literal('error'), severity: z.string().catch(''), message: z.string() })
const result = z.object({
  type: z.literal('result'),
  status: z.string(),
  error: z
    .object({ type: z.string().catch(''), message: z.string().catch('') })
    .nullish()
    .catch(null),
  stats: stats.nullish().catch(null)
})
export type ResultLine = z.infer<typeof result>

export const geminiLine = z.discriminatedUnion('type', [init, message, toolUse, toolResult, error, result])
export type GeminiLine = z.infer<typeof geminiLine>

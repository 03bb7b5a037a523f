import { z } from 'zod'
import { type Exchange, streamPieces } from './exchange.ts'
import { pieces, type Step, stepFor, type ToolStep, type Turn } from './script.ts'

const part = z.looseObject({ text: z.string().optional(), functionResponse: z.unknown().optional() })
const generateRequest = z.object({
  contents: z.array(z.object({ role: z.string(), parts: z.array(part).default([]) })).default([]),
  generationConfig: z
    .object({ responseJsonSchema: z.unknown().optional(), responseSchema: z.unknown().optional() })
    .default({})
})
type Contents = z.infer<typeof generateRequest>['contents']

const errorStatuses: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  429: 'RESOURCE_EXHAUSTED'
}

/** `POST /v1beta/models/<model>:generateContent` and `:streamGenerateContent`. */
export function geminiStep(exchange: Exchange): Step | null {
  if (!/:(stream)?generateContent/i.test(exchange.path)) return null
  return stepFor(turnsOf(generateRequest.parse(exchange.body).contents))
}

function turnsOf(contents: Contents): Turn[] {
  return contents.flatMap(({ role, parts }): Turn[] => {
    if (role === 'model') return [{ role: 'assistant', text: '' }]
    const text = parts.flatMap(part => part.text ?? []).join('\n')
    const results = parts.some(part => part.functionResponse !== undefined)
    return [
      ...(results ? [{ role: 'tool', text: '' } as const] : []),
      ...(text === '' ? [] : [{ role: 'user', text } as const])
    ]
  })
}

export async function answerGemini(exchange: Exchange, step: Step): Promise<void> {
  if (step.error !== undefined) {
    const status = errorStatuses[step.error] ?? 'INTERNAL'
    const message = step.message ?? `mock error ${step.error}`
    exchange.json({ error: { code: step.error, message, status } }, step.error)
    return
  }
  const model = /models\/([^:]+):/.exec(exchange.path)?.[1] ?? ''
  const frame = (parts: object[], last: boolean) => ({
    candidates: [
      { index: 0, content: { role: 'model', parts }, ...(last ? { finishReason: step.stop ?? 'STOP' } : {}) }
    ],
    modelVersion: model,
    responseId: `r${exchange.id}`,
    ...(last ? { usageMetadata: usageOf(step) } : {})
  })
  const calls = step.tools.map(call => ({ functionCall: { ...toolOf(call), id: `fc${exchange.id}` } }))
  const texts = pieces(step)
  if (!exchange.path.includes('streamGenerateContent')) {
    const { responseJsonSchema, responseSchema } = generateRequest.parse(exchange.body).generationConfig
    const wantsJson = responseJsonSchema !== undefined || responseSchema !== undefined
    const parts = wantsJson ? [{ text: JSON.stringify(routing) }] : [{ text: texts.join('') }, ...calls]
    exchange.json(frame(parts, true))
    return
  }
  const stream = exchange.stream()
  if (!(await streamPieces(stream, step, texts, text => stream.event(frame([{ text }], false))))) return
  stream.event(frame(calls.length > 0 ? calls : [{ text: '' }], true))
  stream.end()
}

/** Answers every question that the CLI asks on the side: which model, who speaks next. */
const routing = {
  reasoning: 'mock',
  model_choice: 'flash',
  complexity_score: 1,
  complexity_reasoning: 'mock',
  next_speaker: 'user'
}

function usageOf(step: Step) {
  return {
    promptTokenCount: step.in,
    candidatesTokenCount: step.out,
    totalTokenCount: step.in + step.out,
    cachedContentTokenCount: step.cr,
    thoughtsTokenCount: 0
  }
}

function toolOf(call: ToolStep): { name: string; args: unknown } {
  if (call.tool === 'write') return { name: 'write_file', args: { file_path: call.path, content: call.content } }
  if (call.tool === 'sh') return { name: 'run_shell_command', args: { command: call.cmd, description: 'run' } }
  return { name: call.name, args: call.input }
}

import { z } from 'zod'
import { type Exchange, streamPieces } from './exchange.ts'
import { pieces, type Step, stepFor, type ToolStep, type Turn } from './script.ts'

const block = z.looseObject({ type: z.string(), text: z.string().optional() })
const messagesRequest = z.object({
  model: z.string(),
  stream: z.boolean().default(false),
  messages: z.array(z.object({ role: z.string(), content: z.union([z.string(), z.array(block)]) }))
})
type Messages = z.infer<typeof messagesRequest>['messages']

const errorTypes: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  429: 'rate_limit_error',
  529: 'overloaded_error'
}

/** `POST /v1/messages`, streaming or whole: after a cut stream the CLI asks again for a whole answer. */
export function anthropicStep(exchange: Exchange): Step | null {
  if (!/^\/v1\/messages(\?|$)/.test(exchange.path)) return null
  return stepFor(turnsOf(messagesRequest.parse(exchange.body).messages))
}

function turnsOf(messages: Messages): Turn[] {
  return messages.flatMap(({ role, content }): Turn[] => {
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content
    if (role === 'assistant') return [{ role: 'assistant', text: '' }]
    const text = blocks.flatMap(block => block.text ?? []).join('\n')
    const results = blocks.some(block => block.type === 'tool_result')
    return [
      ...(results ? [{ role: 'tool', text: '' } as const] : []),
      ...(text === '' ? [] : [{ role: 'user', text } as const])
    ]
  })
}

export async function answerAnthropic(exchange: Exchange, step: Step): Promise<void> {
  if (step.error !== undefined) {
    const type = errorTypes[step.error] ?? 'api_error'
    const error = { type, message: step.message ?? `mock error ${step.error}` }
    exchange.json({ type: 'error', error, request_id: `req_mock${exchange.id}` }, step.error, step.headers)
    return
  }
  const blocks = blocksOf(exchange.id, step)
  const stop = step.tools.length > 0 ? 'tool_use' : (step.stop ?? 'end_turn')
  const usage = {
    input_tokens: step.in,
    output_tokens: 1,
    cache_creation_input_tokens: step.cc,
    cache_read_input_tokens: step.cr
  }
  const { model, stream } = messagesRequest.parse(exchange.body)
  const message = { id: `msg_mock${exchange.id}`, type: 'message', role: 'assistant', model, stop_sequence: null }
  if (!stream) {
    const whole = { ...usage, output_tokens: step.out }
    exchange.json({ ...message, content: blocks, stop_reason: stop, usage: whole })
    return
  }
  await streamMessage(exchange, step, blocks, { ...message, content: [], stop_reason: null, usage }, stop)
}

type ContentBlock =
  | { type: 'text'; text: string }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'tool_use'; id: string; name: string; input: unknown }

function blocksOf(id: number, step: Step): ContentBlock[] {
  const text = pieces(step).join('')
  return [
    ...(step.think === undefined ? [] : [{ type: 'thinking', thinking: step.think, signature: 'sig' } as const]),
    ...(text === '' ? [] : [{ type: 'text', text } as const]),
    ...step.tools.map((call, index) => {
      const [name, input] = toolOf(call)
      return { type: 'tool_use', id: `toolu_mock${id}_${index}`, name, input } as const
    })
  ]
}

function toolOf(call: ToolStep): [name: string, input: unknown] {
  if (call.tool === 'write') return ['Write', { file_path: call.path, content: call.content }]
  return call.tool === 'sh' ? ['Bash', { command: call.cmd, description: 'run' }] : [call.name, call.input]
}

async function streamMessage(exchange: Exchange, step: Step, blocks: ContentBlock[], message: unknown, stop: string) {
  const stream = exchange.stream()
  const send = (type: string, data: object) => stream.event({ type, ...data }, type)
  const delta = (index: number, change: object) => send('content_block_delta', { index, delta: change })
  send('message_start', { message })
  for (const [index, block] of blocks.entries()) {
    send('content_block_start', { index, content_block: emptied(block) })
    if (block.type === 'text') {
      const write = (text: string) => delta(index, { type: 'text_delta', text })
      if (!(await streamPieces(stream, step, pieces(step), write))) return
    } else if (block.type === 'thinking') {
      delta(index, { type: 'thinking_delta', thinking: block.thinking })
      delta(index, { type: 'signature_delta', signature: block.signature })
    } else delta(index, { type: 'input_json_delta', partial_json: JSON.stringify(block.input) })
    send('content_block_stop', { index })
  }
  const usage = { output_tokens: step.out }
  send('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage })
  send('message_stop', {})
  stream.end()
}

function emptied(block: ContentBlock): ContentBlock {
  if (block.type === 'text') return { ...block, text: '' }
  return block.type === 'thinking' ? { ...block, thinking: '', signature: '' } : { ...block, input: {} }
}

import { z } from 'zod'
import { type Exchange, type Stream, streamPieces } from './exchange.ts'
import { pieces, type Step, stepFor, type ToolStep, type Turn } from './script.ts'

const inputItem = z.looseObject({
  type: z.string().optional(),
  role: z.string().optional(),
  content: z.array(z.looseObject({ text: z.string().optional() })).catch([])
})
const responsesRequest = z.object({ model: z.string(), input: z.array(inputItem).default([]) })
type Items = z.infer<typeof responsesRequest>['input']

/** `POST /v1/responses`, always as a stream. */
export function openAiStep(exchange: Exchange): Step | null {
  if (!/\/responses(\?|$)/.test(exchange.path)) return null
  return stepFor(turnsOf(responsesRequest.parse(exchange.body).input))
}

function turnsOf(items: Items): Turn[] {
  return items.flatMap((item): Turn[] => {
    if (item.type?.endsWith('_output')) return [{ role: 'tool', text: '' }]
    const text = item.content.map(part => part.text ?? '').join('\n')
    return item.role === 'user' ? [{ role: 'user', text }] : [{ role: 'assistant', text: '' }]
  })
}

export async function answerOpenAi(exchange: Exchange, step: Step): Promise<void> {
  const { id } = exchange
  const { model } = responsesRequest.parse(exchange.body)
  if (step.error !== undefined) {
    const error = { message: step.message ?? `mock error ${step.error}`, type: 'mock_error', code: null, param: null }
    exchange.json({ error }, step.error, step.headers)
    return
  }
  const stream = exchange.stream()
  const send = numbered(stream)
  const response = { id: `resp_mock${id}`, object: 'response', status: 'in_progress', model, output: [] }
  send('response.created', { response })
  const output: object[] = []
  const texts = pieces(step)
  if (texts.length > 0) {
    const item = { id: `msg_mock${id}`, type: 'message', role: 'assistant' }
    send('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } })
    const place = { item_id: item.id, output_index: 0, content_index: 0 }
    const write = (delta: string) => send('response.output_text.delta', { ...place, delta })
    if (!(await streamPieces(stream, step, texts, write))) return
    const content = [{ type: 'output_text', text: texts.join(''), annotations: [] }]
    output.push({ ...item, status: 'completed', content })
    send('response.output_item.done', { output_index: 0, item: output[0] })
  }
  for (const call of step.tools) {
    const index = output.length
    const item = { id: `fc_${id}${index}`, type: 'function_call', call_id: `call_mock${id}_${index}`, ...toolOf(call) }
    send('response.output_item.added', { output_index: index, item: { ...item, arguments: '' } })
    send('response.output_item.done', { output_index: index, item: { ...item, status: 'completed' } })
    output.push(item)
  }
  send('response.completed', { response: { ...response, status: 'completed', output, usage: usageOf(step) } })
  stream.end()
}

function numbered(stream: Stream) {
  let sequence = 0
  return (type: string, data: object) => stream.event({ type, sequence_number: sequence++, ...data }, type)
}

function usageOf(step: Step) {
  return {
    input_tokens: step.in,
    input_tokens_details: { cached_tokens: step.cr },
    output_tokens: step.out,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: step.in + step.out
  }
}

function toolOf(call: ToolStep): { name: string; arguments: string } {
  const named =
    call.tool === 'raw' ? { name: call.name, input: call.input } : { name: 'exec_command', input: shell(call) }
  return { name: named.name, arguments: JSON.stringify(named.input) }
}

function shell(call: ToolStep): { cmd: string } {
  return { cmd: call.tool === 'sh' ? call.cmd : `printf %s '${call.content}' > ${call.path}` }
}

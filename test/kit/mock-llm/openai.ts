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
  if (step.think !== undefined) {
    const summary = [{ type: 'summary_text', text: step.think }]
    const item = { id: `rs_mock${id}`, type: 'reasoning', summary, encrypted_content: 'e' }
    send('response.output_item.added', { output_index: 0, item: { ...item, summary: [] } })
    send('response.output_item.done', { output_index: 0, item })
    output.push(item)
  }
  const texts = pieces(step)
  if (texts.length > 0) {
    const item = { id: `msg_mock${id}`, type: 'message', role: 'assistant' }
    const index = output.length
    send('response.output_item.added', { output_index: index, item: { ...item, status: 'in_progress', content: [] } })
    const place = { item_id: item.id, output_index: index, content_index: 0 }
    const write = (delta: string) => send('response.output_text.delta', { ...place, delta })
    if (!(await streamPieces(stream, step, texts, write))) return
    const content = [{ type: 'output_text', text: texts.join(''), annotations: [] }]
    const whole = { ...item, status: 'completed', content }
    output.push(whole)
    send('response.output_item.done', { output_index: index, item: whole })
  }
  for (const call of step.tools) {
    const index = output.length
    const item = { id: `fc_${id}${index}`, call_id: `call_mock${id}_${index}`, ...toolOf(call) }
    send('response.output_item.added', {
      output_index: index,
      item: { ...item, ...('input' in item ? { input: '' } : { arguments: '' }) }
    })
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

function toolOf(call: ToolStep) {
  const type = 'function_call'
  switch (call.tool) {
    case 'write': {
      const lines = call.content
        .replace(/\n$/, '')
        .split('\n')
        .map(line => `+${line}`)
      const input = ['*** Begin Patch', `*** Add File: ${call.path}`, ...lines, '*** End Patch'].join('\n')
      return { type: 'custom_tool_call', name: 'apply_patch', input }
    }
    case 'sh':
      return { type, name: 'exec_command', arguments: JSON.stringify({ cmd: call.cmd }) }
    case 'raw':
      return { type, name: call.name, arguments: JSON.stringify(call.input), ...namespaceOf(call) }
  }
}

/** Tools of MCP servers stand in a namespace of their own. */
function namespaceOf({ namespace }: ToolStep): { namespace?: string } {
  return namespace === '' ? {} : { namespace }
}

import { expect, test } from 'vitest'
import { failureOfResult } from './failures.ts'
import type { ResultLine } from './protocol.ts'

const failed = (result: string, api_error_status: number | null) =>
  failureOfResult(
    { subtype: 'success', is_error: true, result, errors: [], api_error_status } as unknown as ResultLine,
    {
      status: null,
      word: 'invalid_request'
    }
  )

test.each([
  ['Prompt is too long', null, 'longer than the model can read'],
  ['API Error: 400 input length and `max_tokens` exceed context limit: 198000 + 8192 > 200000', 400, 'longer than'],
  ["API Error: 400 This model's maximum context length is 8192 tokens", 400, 'longer than the model can read'],
  ['Credit balance is too low', 400, 'nothing left to pay with'],
  ['Payment required', 402, 'nothing left to pay with'],
  ['API Error: 413 {"type":"error","error":{"type":"request_too_large"}}', 413, 'larger than the model API takes'],
  ['API Error: 413 Payload', 413, 'larger than the model API takes'],
  ['API Error: 400 messages.1.content.0.image.source: Could not process image', 400, 'attached'],
  [
    'API Error: 404 {"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}}',
    404,
    'name of the model'
  ],
  [
    'There is an issue with the selected model (claude-9). It may not exist or you may not have access to it.',
    404,
    'name of the model'
  ],
  ['API Error: 400 tools.0.custom.name: String should match pattern', 400, 'A new run, or other settings']
])('%s', (said, status, advice) => {
  const { code, message } = failed(said, status)
  expect(code).toBe('INVALID_MODEL_REQUEST')
  expect(message).toContain(said)
  expect(message.split('\n').at(-1)).toContain(advice)
})

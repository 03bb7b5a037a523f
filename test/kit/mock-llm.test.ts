import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MockLlm, scripted, startMockLlm } from './mock-llm.ts'

let mock: MockLlm
beforeAll(async () => {
  mock = await startMockLlm()
})
afterAll(() => mock.close())

async function ask(path: string, body: object) {
  const answer = await fetch(mock.url + path, { method: 'POST', body: JSON.stringify(body) })
  const text = await answer.text()
  const frames = text.split(/\r?\n/).flatMap(line => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []))
  return { status: answer.status, text, frames }
}

const script = scripted({ tool: 'sh', cmd: 'ls' }, { text: 'all done now, in two pieces' })

/** The same conversation in the words of each vendor: the prompt, then the prompt with the result of the tool. */
const vendors = {
  anthropic: (answered: boolean) =>
    ask('/v1/messages', {
      model: 'm',
      stream: true,
      messages: [
        { role: 'user', content: script },
        ...(answered ? [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: '1' }] }] : [])
      ]
    }),
  gemini: (answered: boolean) =>
    ask('/v1beta/models/m:streamGenerateContent?alt=sse', {
      contents: [
        { role: 'user', parts: [{ text: script }] },
        ...(answered ? [{ role: 'user', parts: [{ functionResponse: {} }] }] : [])
      ]
    }),
  openai: (answered: boolean) =>
    ask('/v1/responses', {
      model: 'm',
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: script }] },
        ...(answered ? [{ type: 'function_call_output', call_id: '1', output: 'x' }] : [])
      ]
    })
}

describe.each(Object.entries(vendors))('the mock of %s', (_, talk) => {
  test('calls the tool first, then says its text in pieces', async () => {
    const first = await talk(false)
    expect(first.status).toBe(200)
    expect(first.text).toMatch(/Bash|run_shell_command|exec_command/)
    const second = await talk(true)
    expect(second.text).not.toMatch(/Bash|run_shell_command|exec_command/)
    expect(second.text).toContain('all done now, in two')
    expect(second.frames.length).toBeGreaterThan(2)
  })
})

test('errors come with their status and headers', async () => {
  const body = { model: 'm', messages: [{ role: 'user', content: scripted({ error: 429, message: 'slow down' }) }] }
  const answer = await ask('/v1/messages', body)
  expect(answer.status).toBe(429)
  expect(JSON.parse(answer.text).error).toEqual({ type: 'rate_limit_error', message: 'slow down' })
})

test('a script that is none says so', async () => {
  const body = { model: 'm', messages: [{ role: 'user', content: 'MOCK[{]KCOM' }] }
  expect((await ask('/v1/messages', body)).text).toContain('BAD SCRIPT')
})

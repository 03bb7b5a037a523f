import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerAnthropic, anthropicStep } from './mock-llm/anthropic.ts'
import { type Exchange, readExchange } from './mock-llm/exchange.ts'
import { answerGemini, geminiStep } from './mock-llm/gemini.ts'
import { answerOpenAi, openAiStep } from './mock-llm/openai.ts'
import type { Step } from './mock-llm/script.ts'

export { scripted, scriptedWithin } from './mock-llm/script.ts'

interface MockRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: unknown
}

export interface MockLlm {
  url: string
  /** All requests so far, oldest first. */
  requests: MockRequest[]
  close(): Promise<void>
}

const vendors: { step(exchange: Exchange): Step | null; answer(exchange: Exchange, step: Step): Promise<void> }[] = [
  { step: anthropicStep, answer: answerAnthropic },
  { step: geminiStep, answer: answerGemini },
  { step: openAiStep, answer: answerOpenAi }
]

/** The model APIs of Anthropic, Google and OpenAI on one port of this machine; prompts made by `scripted` say the answers. */
export async function startMockLlm(): Promise<MockLlm> {
  const requests: MockRequest[] = []
  const server = createServer((request, response) => {
    answer(requests, request, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close() {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    }
  }
}

async function answer(requests: MockRequest[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const exchange = await readExchange(requests.length + 1, request, response)
  const { method, path, headers, body } = exchange
  requests.push({ method, path, headers, body })
  for (const vendor of vendors) {
    const step = method === 'POST' ? vendor.step(exchange) : null
    if (step === null) continue
    await sleep(step.hang)
    await vendor.answer(exchange, step)
    return
  }
  if (path.includes('count_tokens')) exchange.json({ input_tokens: 10 })
  else if (path.includes(':countTokens')) exchange.json({ totalTokens: 10 })
  else exchange.json(path.includes('models') ? { object: 'list', data: [], models: [] } : {})
}

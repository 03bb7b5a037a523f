import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { whileWaiting } from './awaited.ts'

let close = () => {}
afterEach(() => close())

async function serve(answer: (response: ServerResponse) => Promise<void>): Promise<string> {
  const server = createServer((_request, response) => void answer(response)).listen(0, '127.0.0.1')
  close = () => void server.close()
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

test('an answer that takes long shows that it still comes, and is the same JSON', async () => {
  const outcome = Promise.withResolvers<string>()
  const url = await serve(async response => void response.end(await whileWaiting(response, 200, outcome.promise, 1)))
  const answer = await fetch(url)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
  const reader = answer.body?.getReader()
  expect(String(Buffer.from((await reader?.read())?.value ?? []))).toMatch(/^ +$/)
  outcome.resolve('{"status":"completed"}')
  let rest = ''
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) rest += Buffer.from(part.value)
  expect(JSON.parse(rest)).toEqual({ status: 'completed' })
})

test('one that is there at once is sent as any other, and what fails still has its own status', async () => {
  const url = await serve(async response => {
    await whileWaiting(response, 200, Promise.reject(new Error('no'))).catch(() => {
      response.statusCode = 409
    })
    response.end(String(response.headersSent))
  })
  const answer = await fetch(url)
  expect([answer.status, await answer.text()]).toEqual([409, 'false'])
})

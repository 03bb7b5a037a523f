import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { leaveRunner } from '#contract/runners/runner-protocol'
import { createCall } from './control-plane-client.ts'

let server: Server | null = null
afterEach(() => server?.close())

/** Answers as many calls, then breaks connections off in the middle of a call. */
async function breaksAfter(answers: number) {
  let calls = 0
  const listening = createServer((request, response) => {
    calls++
    if (calls > answers) request.socket.destroy()
    else response.end(JSON.stringify({ success: true }))
  })
  server = listening
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  const call = createCall(() => ({ url: `http://127.0.0.1:${port}`, token: 'x' }))
  return { leave: () => call(leaveRunner, { body: {} }), calls: () => calls }
}

test('a call that breaks off on a kept connection fails, and is not made twice', async () => {
  const { leave, calls } = await breaksAfter(1)
  expect(await leave()).toEqual({ success: true })
  await expect(leave()).rejects.toThrow('does not answer')
  expect(calls()).toBe(2)
})

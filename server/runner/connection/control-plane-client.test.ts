import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { leaveRunner } from '#contract/runners/runner-protocol'
import { createControlPlaneClient } from './control-plane-client.ts'

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
  const call = createControlPlaneClient(() => ({ url: `http://127.0.0.1:${port}`, token: 'x' }))
  return { leave: () => call(leaveRunner, { body: { runnerId: 'r', incarnation: 'i' } }), calls: () => calls }
}

/** Answers every call the same way. */
async function answers(status: number, body: string): Promise<Error> {
  const listening = createServer((_, response) => void response.writeHead(status).end(body))
  server = listening
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  const call = createControlPlaneClient(() => ({ url: `http://127.0.0.1:${port}`, token: 'x' }))
  return await call(leaveRunner, { body: { runnerId: 'r', incarnation: 'i' } }).then(
    () => new Error('taken'),
    error => error
  )
}

const ours = (code: string) => JSON.stringify({ error: { code, message: 'words' } })

test.each([
  ['a page that is not there', 404, '<html>nothing here</html>', 'Unreachable'],
  ['somebody else who refuses', 403, '{"error":"forbidden"}', 'Unreachable'],
  ['somebody else with a code of its own', 409, ours('CONFLICT_OF_THEIRS'), 'Unreachable'],
  ['a login page of a network', 200, '<html>welcome</html>', 'Unreachable'],
  ['a redirection', 302, '', 'Unreachable'],
  ['a gateway', 502, ours('NOT_HELD'), 'Unreachable'],
  ['a limit in between', 413, '<html>too large</html>', 'TooLarge'],
  ['the limit of the control plane', 413, ours('TOO_LARGE'), 'TooLarge'],
  ['the control plane', 409, ours('NOT_HELD'), 'Refused']
])('the answer of %s is told from others', async (_, status, body, name) => {
  expect((await answers(status, body)).name).toBe(name)
})

test('a path of the address stays before that of the call', async () => {
  const asked: string[] = []
  const listening = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end(JSON.stringify({ success: true }))
  })
  server = listening
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  for (const path of ['', '/agentfleet']) {
    const call = createControlPlaneClient(() => ({ url: `http://127.0.0.1:${port}${path}`, token: 'x' }))
    await call(leaveRunner, { body: { runnerId: 'r', incarnation: 'i' } })
  }
  expect(asked).toEqual(['/api/v1/runner/leave', '/agentfleet/api/v1/runner/leave'])
})

test('a call that breaks off on a kept connection fails, and is not made twice', async () => {
  const { leave, calls } = await breaksAfter(1)
  expect(await leave()).toEqual({ success: true })
  await expect(leave()).rejects.toThrow('does not answer')
  expect(calls()).toBe(2)
})

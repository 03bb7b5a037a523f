import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Response } from 'express'
import { afterEach, expect, test, vi } from 'vitest'
import { closeStreams, openEventStream } from './sse.ts'

afterEach(() => vi.useRealTimers())

test('a stream that has nothing to say says every 15 s that it lives, and forgets a client that left', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const closed = Promise.withResolvers<void>()
  const server = createServer((_request, response) => {
    const sink = openEventStream(response as Response, closed.resolve)
    sink.write('data: first\n\n')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const text = await new Promise<string>(resolve => {
    const sent = get({ host: '127.0.0.1', port }, answer => {
      let got = ''
      answer.setEncoding('utf8').on('data', chunk => {
        got += chunk
        if (got.split('\n\n').length < 4) vi.advanceTimersByTime(15_000)
        else {
          sent.destroy()
          resolve(got)
        }
      })
    })
  })
  expect(text).toBe('data: first\n\n: alive\n\n: alive\n\n')
  await closed.promise
  expect(vi.getTimerCount()).toBe(0)
  closeStreams()
  server.close()
})

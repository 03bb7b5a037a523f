import { connect } from 'node:net'

/** One kept connection and one request at a time: as little of a client as there can be, the same for both sides. */
export interface RawClient {
  /** Resolves to the body once its last byte is there. */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: string): Promise<Buffer>
  close(): void
}

export function rawClient(url: string, token: string | null = null): RawClient {
  const { host, hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  const credential = token === null ? '' : `authorization: Bearer ${token}\r\n`
  let pending: PromiseWithResolvers<Buffer> | null = null
  let chunks: Buffer[] = []
  let received = 0
  let expected: number | null = null
  let headBytes = 0

  function fail(error: Error): void {
    pending?.reject(error)
    pending = null
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error(`${url} closed the connection`)))
  socket.on('data', chunk => {
    chunks.push(chunk)
    received += chunk.length
    expected ??= expectedBytes()
    if (expected === null || received < expected) return
    const answer = Buffer.concat(chunks)
    const taken = pending
    pending = null
    if (answer.toString('latin1', 9, 10) === '2') taken?.resolve(answer.subarray(headBytes))
    else taken?.reject(new Error(answer.toString('utf8')))
  })

  function expectedBytes(): number | null {
    const text = Buffer.concat(chunks).toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end === -1) return null
    headBytes = end + 4
    return headBytes + Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0)
  }

  return {
    send(method, path, body = '') {
      if (socket.destroyed) return Promise.reject(new Error(`${url} closed the connection`))
      pending = Promise.withResolvers()
      chunks = []
      received = 0
      expected = null
      const type = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
      socket.write(`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${credential}${type}\r\n${body}`)
      return pending.promise
    },
    close: () => socket.destroy()
  }
}

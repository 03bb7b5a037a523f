import { connect } from 'node:net'

/**
 * Listens to event streams and posts events, in a process of its own so that it does not stand in the way of who serves.
 * First message `{streams, stream, url, token}`, answered once all streams are open. Then `{path, bodies, everyMs}`: posts
 * each body, answers `{p50, p99}` of the time from a post to its arrival at each listener, in ms.
 */
interface Open {
  url: string
  token: string
  stream: string
  streams: number
}

interface Post {
  path: string
  bodies: string[]
  everyMs: number
}

let target: Open
let post: import('node:net').Socket
let latencies: number[] = []
let expected = 0
let done: (() => void) | null = null

const now = () => Number(process.hrtime.bigint() / 1000n)
/** In a body, replaced by the time at which it leaves. Sixteen digits, so that its length stays the same. */
const mark = '0000000000000000'

function head(method: string, path: string, more = ''): string {
  const { host } = new URL(target.url)
  return `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${target.token}\r\n${more}\r\n`
}

function socketTo(url: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  return socket
}

function listen(): Promise<void> {
  const opened = Promise.withResolvers<void>()
  const socket = socketTo(target.url)
  let rest = ''
  socket.on('data', chunk => {
    const at = now()
    opened.resolve()
    const text = rest + chunk.toString('latin1')
    const end = text.lastIndexOf('\n\n')
    for (const [, sent] of text.slice(0, end + 2).matchAll(/"sentAt":"(\d{16})"/g)) {
      if (sent === mark) continue
      latencies.push((at - Number(sent)) / 1000)
      if (latencies.length === expected) done?.()
    }
    rest = text.slice(end + 2)
  })
  socket.write(head('GET', target.stream, 'accept: text/event-stream\r\n'))
  return opened.promise
}

async function open(message: Open): Promise<void> {
  target = message
  post = socketTo(target.url)
  post.resume()
  await Promise.all(Array.from({ length: target.streams }, listen))
  process.send?.({})
}

async function measure({ path, bodies, everyMs }: Post): Promise<void> {
  const all = Promise.withResolvers<void>()
  latencies = []
  expected = bodies.length * target.streams
  done = all.resolve
  const startedAt = performance.now()
  for (const [index, body] of bodies.entries()) {
    const wait = startedAt + index * everyMs - performance.now()
    if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait))
    const type = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`
    post.write(head('POST', path, type) + body.replace(mark, String(now()).padStart(16, '0')))
  }
  await all.promise
  const sorted = latencies.sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]
  process.send?.({ p50: at(0.5), p99: at(0.99) })
}

process.on('message', (message: Open | Post) => void ('streams' in message ? open(message) : measure(message)))

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Step } from './script.ts'

/** One request to the mock and the means to answer it. */
export interface Exchange {
  id: number
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: unknown
  json(value: unknown, status?: number, headers?: Record<string, string>): void
  /** Begins a stream of server-sent events. */
  stream(): Stream
}

export interface Stream {
  event(data: unknown, name?: string): void
  end(): void
  cut(): void
  readonly closed: boolean
}

export async function readExchange(id: number, request: IncomingMessage, response: ServerResponse): Promise<Exchange> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  return {
    id,
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: request.headers,
    body: text === '' ? {} : JSON.parse(text),
    json(value, status = 200, headers = {}) {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(value))
    },
    stream() {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
      return {
        event(data, name) {
          response.write(`${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`)
        },
        end: () => response.end(),
        cut: () => response.destroy(),
        get closed() {
          return response.destroyed
        }
      }
    }
  }
}

/** Streams the pieces of a text. False: the stream is at its end, by the script or by the client. */
export async function streamPieces(
  stream: Stream,
  step: Step,
  texts: string[],
  write: (text: string) => void
): Promise<boolean> {
  for (const text of texts) {
    if (stream.closed) return false
    write(text)
    if (step.slow !== undefined) await sleep(step.ms)
    if (step.cut) {
      stream.cut()
      return false
    }
  }
  return true
}

import { request } from 'node:http'
import { expect } from 'vitest'
import { createKey } from '#contract/people/keys'
import { type Frame, readStream } from './events.ts'
import type { App } from './start-app.ts'

interface Answer<Body> {
  status: number
  body: Body
}
export type Thing = Record<string, unknown> & { id: string; status: string }

/** A client of another product, which changed nothing but its base URL and its token. */
export interface DialectClient {
  token: string
  call<Body = Thing>(method: string, path: string, body?: unknown): Promise<Answer<Body>>
  /** fetch sends no body with a GET; clients of some documents do. */
  getWithBody<Body>(path: string, body: unknown): Promise<Answer<Body>>
  /** What a stream that a POST opens holds until it ends. */
  stream(path: string, body: unknown, headers?: Record<string, string>): Promise<Frame[]>
}

export async function connectDialect(app: App, prefix: string, style: string): Promise<DialectClient> {
  const { key: token } = await app.call(createKey, { body: { name: style, style } })
  return {
    token,
    async call<Body>(method: string, path: string, body?: unknown) {
      const answer = await app.request(method, prefix + path, { token, ...(body === undefined ? {} : { body }) })
      return { status: answer.status, body: answer.body as Body }
    },
    getWithBody: (path, body) => getWithBody(new URL(app.url + prefix + path), token, JSON.stringify(body)),
    stream: (path, body, headers = {}) =>
      readStream({ url: app.url, ownerToken: token }, prefix + path, () => false, headers, body)
  }
}

function getWithBody<Body>(url: URL, token: string, text: string): Promise<Answer<Body>> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text)
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, answer => {
      let got = ''
      answer.setEncoding('utf8').on('data', chunk => {
        got += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(got) as Body }))
    })
    sent.on('error', reject).end(text)
  })
}

export const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
export const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)

/** An error of the shape `{error: text}` with these words in this order. */
export const says = (...words: string[]) => ({ error: expect.stringMatching(new RegExp(words.join('.*'))) })

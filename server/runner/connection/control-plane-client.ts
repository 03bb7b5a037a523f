import type { z } from 'zod'
import type { Endpoint } from '#contract/endpoint'
import { type ErrorCode, errorBody } from '#contract/errors'

export interface Address {
  url: string
  token: string
}

/** The control plane understood the call and refused it. */
export class Refused extends Error {
  override name = 'Refused'
  readonly code: ErrorCode
  readonly details: unknown
  constructor(code: ErrorCode, message: string, details: unknown) {
    super(message)
    this.code = code
    this.details = details
  }
}

/** The body is larger than the control plane, or something between it and here, lets through. */
export class TooLarge extends Error {
  override name = 'TooLarge'
}

/** No answer that could be understood: not there, stopping, or somebody else listens at that address. */
class Unreachable extends Error {
  override name = 'Unreachable'
}

export interface CallOptions {
  params?: Record<string, string>
  /** A value, or JSON that stands already. */
  body?: object | string
  timeoutMs?: number
  signal?: AbortSignal
}

export type Call = <Output extends z.ZodType>(
  endpoint: Endpoint<z.ZodType, z.ZodType, z.ZodType, Output>,
  options?: CallOptions
) => Promise<z.output<Output>>

const usualTimeoutMs = 30_000

/** Calls endpoints of the contract. `address` is asked every time: the control plane may come back elsewhere. */
export function createCall(address: () => Address): Call {
  return async (endpoint, options = {}) => {
    const { url, token } = whereabouts(address)
    const path = endpoint.path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(options.params?.[name] ?? ''))
    const timeout = AbortSignal.timeout(options.timeoutMs ?? usualTimeoutMs)
    const answer = await send(new URL(path, url), {
      method: endpoint.method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body ?? {}),
      signal: options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
    })
    if (answer.status >= 400) throw refusal(answer)
    const parsed = endpoint.output.safeParse(answer.json)
    if (parsed.success) return parsed.data
    throw new Unreachable(`${endpoint.method} ${path}: an answer that is not of the contract: ${parsed.error.message}`)
  }
}

function whereabouts(address: () => Address): Address {
  try {
    return address()
  } catch (error) {
    throw new Unreachable(`The control plane is not running: ${error instanceof Error ? error.message : String(error)}`)
  }
}

interface HttpAnswer {
  status: number
  json: unknown
}

interface HttpRequest {
  method: string
  headers: Record<string, string>
  body: string
  signal: AbortSignal
}

async function send(url: URL, request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await exchange(url, request)
  } catch (error) {
    throw new Unreachable(`${url.origin} does not answer: ${error instanceof Error ? error.message : String(error)}`)
  }
}

// Not fetch: it gives up a call that is parked for more than five minutes.
const http = process.getBuiltinModule('node:http')
const https = process.getBuiltinModule('node:https')
const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) }

function exchange(url: URL, { method, headers, body, signal }: HttpRequest): Promise<HttpAnswer> {
  const { request } = url.protocol === 'https:' ? https : http
  const agent = url.protocol === 'https:' ? agents['https:'] : agents['http:']
  const length = { 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, signal, headers: { ...headers, ...length } }, response => {
      const pieces: Buffer[] = []
      response.on('data', piece => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, json: parse(Buffer.concat(pieces).toString()) })
      )
    })
    // Never made again from here: what a claim took whose answer got lost is only found out by registering anew.
    sent.on('error', reject)
    sent.end(body)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is not in our shape was said by something in between, and says nothing of the call. */
function refusal({ status, json }: HttpAnswer): Error {
  if (status === 413) return new TooLarge(`HTTP ${status}`)
  const parsed = errorBody.safeParse(json)
  if (!parsed.success) return new Unreachable(`HTTP ${status}, not of the control plane`)
  const { code, message, details } = parsed.data.error
  // A fault of the other side or a wish to wait: the same call may work later.
  if (status >= 500 || status === 429) return new Unreachable(`${code}: ${message}`)
  return new Refused(code, message, details)
}

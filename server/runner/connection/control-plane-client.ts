import { type Answer, type ApiClient, createClient, type Sent, Unreachable } from '#contract/client'
import { type ErrorCode, errorBody } from '#contract/errors'

export interface Address {
  /** Before our paths; without a slash at its end. */
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

const usualTimeoutMs = 30_000

/** Calls endpoints of the contract. `address` is asked every time: the control plane may come back elsewhere. */
export function createControlPlaneClient(address: () => Address): ApiClient {
  return createClient({
    transport: async ({ address: path, headers, ...sent }) => {
      const { url, token } = whereabouts(address)
      return await send(new URL(url + path), { ...sent, headers: { ...headers, authorization: `Bearer ${token}` } })
    },
    timeoutMs: usualTimeoutMs,
    refusal
  })
}

function whereabouts(address: () => Address): Address {
  try {
    return address()
  } catch (error) {
    throw new Unreachable(`The control plane is not running: ${error instanceof Error ? error.message : String(error)}`)
  }
}

type Request = Omit<Sent, 'address'>

async function send(url: URL, request: Request): Promise<Answer> {
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

function exchange(url: URL, { method, headers, body = '', signal }: Request): Promise<Answer> {
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
function refusal({ status, json }: Answer): Error {
  if (status === 413) return new TooLarge(`HTTP ${status}`)
  const parsed = errorBody.safeParse(json)
  if (!parsed.success) return new Unreachable(`HTTP ${status}, not of the control plane`)
  const { code, message, details } = parsed.data.error
  // A fault of the other side or a wish to wait: the same call may work later.
  if (status >= 500 || status === 429) return new Unreachable(`${code}: ${message}`)
  return new Refused(code, message, details)
}

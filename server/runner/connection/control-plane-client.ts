import { type Answer, type ApiClient, createClient, type Sent, Unreachable } from '#contract/client'
import { type ErrorCode, errorBody } from '#contract/errors'
import { pinnedAgent, WrongPin } from './pinned-agent.ts'

export interface Address {
  /** Before our paths; without a slash at its end. */
  url: string
  /** Null: it has none yet. */
  token: string | null
  /** Of the public key that must answer there; without one what answers is verified as everything on the web is. */
  pin?: string | null
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

/** Calls endpoints of the contract. Throws WrongPin as well. `address` is asked every time: the control plane may come back elsewhere. */
export function createControlPlaneClient(address: () => Address): ApiClient {
  return createClient({
    transport: async ({ address: path, headers, ...sent }) => {
      const { url, token, pin = null } = whereabouts(address)
      const credential: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
      return await send(new URL(url + path), pin, { ...sent, headers: { ...headers, ...credential } })
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

async function send(url: URL, pin: string | null, request: Request): Promise<Answer> {
  try {
    return await exchange(url, pin, request)
  } catch (error) {
    if (error instanceof WrongPin) throw error
    throw new Unreachable(`${url.origin} does not answer: ${error instanceof Error ? error.message : String(error)}`)
  }
}

// Not fetch: it gives up a call that is parked for more than five minutes.
const http = process.getBuiltinModule('node:http')
const https = process.getBuiltinModule('node:https')
const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) }

function agentFor({ protocol }: URL, pin: string | null) {
  if (protocol !== 'https:') return agents['http:']
  return pin === null ? agents['https:'] : pinnedAgent(pin)
}

function exchange(url: URL, pin: string | null, { method, headers, body = '', signal }: Request): Promise<Answer> {
  const { request } = url.protocol === 'https:' ? https : http
  const agent = agentFor(url, pin)
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

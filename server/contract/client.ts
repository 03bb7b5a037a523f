import type { z } from 'zod'
import { type Endpoint, linesType } from './endpoint.ts'
import { AppError, errorBody } from './errors.ts'

/** The control plane did not answer: it stopped, the network is gone, or somebody else listens there. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

type Part<Key extends string, Shape> =
  Record<never, never> extends Shape ? { [K in Key]?: Shape } : { [K in Key]: Shape }

/** What is only sent may be readonly. */
type Given<Shape> = Shape extends readonly (infer Item)[]
  ? readonly Given<Item>[]
  : Shape extends object
    ? { [K in keyof Shape]: Given<Shape[K]> }
    : Shape

interface CallOptions {
  /** Sent again under the same key, a change happens once. */
  idempotencyKey?: string
  timeoutMs?: number
  signal?: AbortSignal
}

/** What is asked of an endpoint. `json` and `lines` are bodies that stand already, in the place of `body`. */
export type Wish<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<'params', z.input<P>> &
  Part<'query', z.input<Q>> &
  (Part<'body', Given<z.input<B>>> | { json: string } | { lines: string }) &
  CallOptions

type WishOf<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> =
  Record<never, never> extends Wish<P, Q, B> ? [wish?: Wish<P, Q, B>] : [wish: Wish<P, Q, B>]

/** Calls an endpoint. Throws AppError with the control plane's own words, or Unreachable. */
export type ApiClient = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, O>,
  ...wish: WishOf<P, Q, B>
) => Promise<z.output<O>>

/** Any wish, whatever the endpoint. */
interface AnyWish extends CallOptions {
  params?: Readonly<Record<string, unknown>>
  query?: Readonly<Record<string, unknown>>
  body?: unknown
  json?: string
  lines?: string
}

export interface Sent {
  method: string
  /** From the root of the host. */
  address: string
  headers: Record<string, string>
  body?: string
  signal?: AbortSignal
}

export interface Answer {
  status: number
  /** Undefined for what is no JSON. */
  json: unknown
}

/** Carries a request over. Throws Unreachable. */
export type Transport = (sent: Sent) => Promise<Answer>

interface ClientOptions {
  transport: Transport
  /** Of a call that says none; without it an answer may take as long as it wants. */
  timeoutMs?: number
  /** Makes a key for each change that brings none along. */
  newKey?: () => string
  /** Answers need no look: they come from the very build that asks. */
  trusting?: true
  refusal?: (answer: Answer, sent: Sent) => Error
}

export function createClient(options: ClientOptions): ApiClient {
  const { transport, trusting, refusal = refusalOf } = options
  return async (endpoint, ...[wish]) => {
    const sent = requestOf(endpoint, (wish ?? {}) as AnyWish, options)
    const answer = await transport(sent)
    if (answer.status !== endpoint.status && answer.status !== endpoint.otherStatus?.status) throw refusal(answer, sent)
    if (trusting) return answer.json as z.output<typeof endpoint.output>
    const parsed = endpoint.output.safeParse(answer.json)
    if (parsed.success) return parsed.data
    throw new Unreachable(`${sent.method} ${sent.address}: not an answer of the contract: ${parsed.error.message}`)
  }
}

function requestOf(endpoint: Endpoint, wish: AnyWish, options: ClientOptions): Sent {
  const { method } = endpoint
  const address = addressOf(endpoint, wish)
  const signal = signalOf(wish, options.timeoutMs)
  const headers: Record<string, string> = { accept: 'application/json' }
  if (method === 'GET') return { method, address, headers, signal }
  const key = wish.idempotencyKey ?? options.newKey?.()
  headers['content-type'] = wish.lines === undefined ? 'application/json' : linesType
  if (key !== undefined) headers['idempotency-key'] = key
  return { method, address, headers, body: wish.lines ?? wish.json ?? JSON.stringify(wish.body ?? {}), signal }
}

function signalOf(wish: CallOptions, usualMs: number | undefined): AbortSignal | undefined {
  const timeoutMs = wish.timeoutMs ?? usualMs
  if (timeoutMs === undefined) return wish.signal
  const timeout = AbortSignal.timeout(timeoutMs)
  return wish.signal === undefined ? timeout : AbortSignal.any([wish.signal, timeout])
}

/** Where an endpoint is, from the root of the host. */
export function addressOf({ path }: Pick<Endpoint, 'path'>, { params = {}, query = {} }: AnyWish = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) pairs.set(name, String(value))
  return pairs.size === 0 ? filled : `${filled}?${pairs}`
}

/** What the control plane said of a call that it refused. */
function refusalOf({ status, json }: Answer): Error {
  const parsed = errorBody.safeParse(json)
  if (!parsed.success) return new AppError('INTERNAL', `The control plane answered ${status} without saying why.`)
  const { code, message, details } = parsed.data.error
  return new AppError(code, message, details)
}

/** By fetch; to where the page came from, as whoever is signed in there, when nothing else is said. */
export function overFetch({ url = '', token }: { url?: string; token?: string } = {}): Transport {
  const credential: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return async ({ address, headers, ...request }) => {
    try {
      const answer = await fetch(url + address, { ...request, headers: { ...headers, ...credential } })
      return { status: answer.status, json: await answer.json().catch(() => undefined) }
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw new Unreachable('Flotilla does not answer. It may have been stopped.')
    }
  }
}

import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Actor } from '#contract/audit/audit'
import type { Endpoint } from '#contract/endpoint'
import type { Noun } from '#contract/live'
import type { Domain, Principal } from '../domain/domain.ts'

/** What a handler gets: the parsed parts of the request and who makes it. */
export interface Call<E extends Endpoint = Endpoint> {
  params: z.output<E['params']>
  query: z.output<E['query']>
  body: z.output<E['body']>
  /** The domain as the caller acts on it and sees it. */
  domain: Domain
  principal: Principal
  /** Who is written down for what the handler changes. */
  actor: Actor
  request: Request
  response: Response
}

export type AnyCall = Call<Endpoint>

/**
 * How an endpoint is served. `read` looks; `write` runs inside one transaction together with its idempotency record,
 * after `prepare` did what takes time;
 * `wait` may take time and writes for itself; `stream` answers on the response by itself, or returns false not to;
 * `protocol` speaks another one on request and response, such as JSON-RPC;
 * `follow` writes like `write` and answers with a stream about what was written; `outcome` writes like it as well, and
 * answers with what came of it, however long that takes.
 */
export type Route = {
  endpoint: Endpoint
} & (
  | {
      kind: 'read'
      handle: (call: AnyCall) => unknown
      /** All that its answer hangs on: while none of these changes, it is answered without being read again. */
      of?: readonly Noun[]
    }
  | {
      kind: 'write'
      prepare?: (call: AnyCall) => Promise<unknown>
      handle: (call: AnyCall, prepared: unknown) => unknown
    }
  | { kind: 'wait'; handle: (call: AnyCall) => Promise<unknown> }
  | { kind: 'stream'; handle: (call: AnyCall) => Rendered; stream: (call: AnyCall) => boolean }
  | { kind: 'protocol'; handle: (call: AnyCall) => Promise<void> }
  | { kind: 'follow'; handle: (call: AnyCall) => unknown; open: (call: AnyCall, written: unknown) => void }
  | {
      kind: 'outcome'
      handle: (call: AnyCall) => unknown
      await: (call: AnyCall, written: unknown) => Promise<unknown>
    }
)

/**
 * JSON text as it leaves: a string, named by its content; pieces of UTF-8 with a name of their own; or such pieces as they
 * are read one by one while the client takes them, where all of them are too many to be held.
 */
export type Rendered =
  | { body: string }
  | { pieces: readonly Buffer[]; tag: string }
  | { flow: Iterable<Buffer>; tag: string }

/** A result with another status of success than the usual one; the endpoint declares it. */
export class Answered<Value> {
  readonly status: number
  readonly value: Value
  constructor(status: number, value: Value) {
    this.status = status
    this.value = value
  }
}

type Handle<E extends Endpoint, Result> = (call: Call<E>) => Result
type Output<E extends Endpoint> = z.input<E['output']>

/** The handler is typed by its endpoint; inside the table of routes every one looks alike. */
function erase<Result>(handle: unknown): (call: AnyCall) => Result {
  return handle as (call: AnyCall) => Result
}

export function read<E extends Endpoint>(endpoint: E, handle: Handle<E, Output<E>>): Route {
  return { kind: 'read', endpoint, handle: erase(handle) }
}

/** A list of things; `of` names them, and whatever else is in it. */
export function readList<E extends Endpoint>(endpoint: E, of: readonly Noun[], handle: Handle<E, Output<E>>): Route {
  return { kind: 'read', endpoint, of, handle: erase(handle) }
}

export function write<E extends Endpoint>(endpoint: E, handle: Handle<E, Output<E> | Answered<Output<E>>>): Route {
  return { kind: 'write', endpoint, handle: erase(handle) }
}

/** A write that needs something which takes time, such as a hashed password; it is made before the transaction. */
export function writeAfter<E extends Endpoint, Prepared>(
  endpoint: E,
  prepare: Handle<E, Promise<Prepared>>,
  handle: (call: Call<E>, prepared: Prepared) => Output<E>
): Route {
  const erased = handle as (call: AnyCall, prepared: unknown) => unknown
  return { kind: 'write', endpoint, prepare: erase(prepare), handle: erased }
}

export function wait<E extends Endpoint>(endpoint: E, handle: Handle<E, Promise<Output<E>>>): Route {
  return { kind: 'wait', endpoint, handle: erase(handle) }
}

export function stream<E extends Endpoint>(endpoint: E, handle: Handle<E, Rendered>, open: Handle<E, boolean>): Route {
  return { kind: 'stream', endpoint, handle: erase(handle), stream: erase(open) }
}

/** What is read and written for it happens in the domain of the call, as everywhere. */
export function protocol<E extends Endpoint>(endpoint: E, handle: Handle<E, Promise<void>>): Route {
  return { kind: 'protocol', endpoint, handle: erase(handle) }
}

/** `open` gets what `handle` returned, also when the request is sent again under its Idempotency-Key. */
export function follow<E extends Endpoint>(
  endpoint: E,
  handle: Handle<E, Output<E>>,
  open: (call: Call<E>, written: z.output<E['output']>) => void
): Route {
  return { kind: 'follow', endpoint, handle: erase(handle), open: open as (call: unknown, written: unknown) => void }
}

/**
 * `handle` returns what is kept under the Idempotency-Key, as JSON: enough for `await` to find again what was begun, also when
 * the request is sent again.
 */
export function outcome<E extends Endpoint, Written>(
  endpoint: E,
  handle: Handle<E, Written>,
  awaited: (call: Call<E>, written: Written) => Promise<Output<E>>
): Route {
  return {
    kind: 'outcome',
    endpoint,
    handle: erase(handle),
    await: awaited as (call: unknown, written: unknown) => never
  }
}

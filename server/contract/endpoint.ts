import { z } from 'zod'
import type { ErrorCode } from './errors.ts'

/**
 * Who may call. `public` needs no credential; `read` admits GET only; `runner` is the runner protocol; `self` is about the
 * caller's own account and takes a credential that reaches as far as the person: a session, or a key with all their scopes.
 */
export type Scope = 'public' | 'read' | 'write' | 'admin' | 'runner' | 'self'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * In what form a body comes. `lines`: an object, and each entry of its list `items` on a line of its own; `raw`: whatever it
 * is, as it was sent.
 */
export type BodyKind = 'json' | 'lines' | 'form' | 'multipart' | 'raw'
export const linesType = 'application/x-ndjson'

/** One HTTP endpoint as a value. Server, client, OpenAPI and tests all read it; nothing restates it. */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType
> {
  /** OpenAPI operationId. */
  id: string
  method: Method
  /** Express path under the face's base, for example `/api/v1/runs/:id`. */
  path: string
  tag: string
  summary: string
  scope: Scope
  params: Params
  query: Query
  body: Body
  /** Forms in which the body may come, where they are not those of the face; none: there is no body. */
  takes?: readonly BodyKind[]
  output: Output
  /** Status of success. */
  status: number
  /** Another one of the same output, which the handler chooses by `Answered`. */
  otherStatus?: { status: number; when: string }
  /** Codes beyond those that every endpoint may answer. */
  errors: readonly ErrorCode[]
  /** The answer can also be a stream of this media type. */
  stream?: 'text/event-stream' | 'text/csv'
  /** The answer is a file of one of these media types, and never JSON. */
  file?: readonly string[]
  /** What the `data` of each message of an event stream is. */
  message?: z.ZodType
  /** The answer can also be JSON Lines, each of this shape. */
  lines?: z.ZodType
  /** It is never anything else; `output` is what is kept of it under an Idempotency-Key. */
  streamOnly?: true
}

const nothing = z.object({})
type Nothing = typeof nothing

type Declaration<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType> = {
  id: string
  method: Method
  path: string
  tag: string
  summary: string
  scope: Scope
  output: O
  params?: P
  query?: Q
  body?: B
  takes?: readonly BodyKind[]
  status?: number
  otherStatus?: { status: number; when: string }
  errors?: readonly ErrorCode[]
  lines?: z.ZodType
  stream?: 'text/event-stream' | 'text/csv'
  file?: readonly string[]
  message?: z.ZodType
  streamOnly?: true
}

export function endpoint<
  O extends z.ZodType,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing
>(declaration: Declaration<P, Q, B, O>): Endpoint<P, Q, B, O> {
  return {
    status: 200,
    errors: [],
    params: nothing as unknown as P,
    query: nothing as unknown as Q,
    body: nothing as unknown as B,
    ...declaration
  }
}

export const idParams = z.object({ id: z.string().min(1).max(64) })

/**
 * One of a list that is not known before faces are put together, such as the styles of keys that they bring along. Documents
 * name what is in it; the domain refuses what is not.
 */
export const listed = (list: ListName) => z.string().meta({ [listMark]: list })
export const listMark = 'x-list'
export type ListName = 'keyStyles' | 'tokenFaces'

export const timestamp = z.iso.datetime().describe('ISO 8601, UTC')

/** Digits as a number; anything else, such as nothing at all, `0x10` or `1e2`, stays the text that it is. */
function fromDigits(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value
}

const wholeNumber = z.int({
  error: issue => (issue.code === 'invalid_type' ? 'a whole number is expected' : undefined)
})

/** A whole number in a query string, in decimal digits; in a body that holds parameters it may be a number. */
export const queryInt = (min: number, max: number) => z.preprocess(fromDigits, wholeNumber.min(min).max(max))

export const pageQuery = z.object({
  limit: queryInt(1, 500).default(50),
  offset: queryInt(0, 1_000_000).default(0)
})

export function page<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    pagination: z.object({ total: z.int(), limit: z.int(), offset: z.int(), hasMore: z.boolean() })
  })
}

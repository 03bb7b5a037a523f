import type { z } from 'zod'
import type { BodyKind } from '#contract/endpoint'
import { type AppError, type ErrorCode, errorTable, FieldError, Missing, type Thing } from '#contract/errors'
import type { Domain, KeyStyle } from '../domain/domain.ts'
import type { Limit } from './limits/limits.ts'
import type { Route } from './route.ts'
import type { Services } from './services.ts'
import type { Socket } from './sockets/socket.ts'

/** By what a request is known to be for a face. */
export interface FaceMarks {
  id: string
  /** What all its paths begin with: `/fleetrun`; empty for our own face. */
  prefix: string
  /** What its paths begin with without the prefix. At the root of the host it answers there too, so that a client keeps them. */
  root: `/${string}/`
  /** Keys that were made for its clients. */
  keys?: KeyStyle
  /** Its clients log in for a JWT. */
  tokens?: true
}

/** What faces bring along for their clients to come in with. */
export function credentialsOf(marks: readonly FaceMarks[]): Pick<Domain, 'keyStyles' | 'tokenFaces'> {
  return {
    keyStyles: marks.flatMap(({ keys }) => keys ?? []),
    tokenFaces: marks.filter(({ tokens }) => tokens).map(({ id }) => id)
  }
}

/** One HTTP API over the one domain, as data: what it serves, how its errors look, how much it takes. */
export interface Face extends FaceMarks {
  title: string
  /** What its OpenAPI document says of itself. */
  description: string
  routes(services: Services): Route[]
  sockets?: readonly Socket[]
  /** Forms in which bodies may come; JSON, where nothing is said. */
  bodies?: readonly BodyKind[]
  /** Shape of the body of an error, and an error in that shape. */
  errorBody: z.ZodType
  renderError(error: ToldError, requestId: string): unknown
  words?: Words
  /** Statuses of errors where they are not ours. */
  statuses?: Partial<Record<ErrorCode, number>>
  /** What a status of an error means in its own words, where it has no codes to tell. */
  meanings?: Readonly<Record<number, string>>
  /** What all its endpoints begin with, where its document says so once, in its server. The document lies there as well. */
  base?: `/${string}`
  /** What the endpoints of each tag are about. */
  tags: Readonly<Record<string, string>>
  limits: readonly Limit[]
  /** Its answers say in `X-RateLimit-…` how much is left. */
  tellsAllowance?: true
  /** Parameters of a GET or DELETE may come as a JSON body too; the query wins. */
  parametersInBody?: true
}

/** What a face calls in its own way. What it does not name keeps our words. */
interface Words {
  /** Our fields by their names. */
  fields?: Readonly<Record<string, string>>
  /** What it says of a thing that is not there. */
  missing?: Readonly<Partial<Record<Thing, string>>>
}

/** An error as a face tells it. */
export interface ToldError {
  code: ErrorCode
  status: number
  message: string
  details: unknown
}

export function toldBy(face: Pick<Face, 'statuses' | 'words'>, error: AppError): ToldError {
  const { code, details } = error
  return { code, status: statusIn(face, code), message: messageIn(face.words ?? {}, error), details }
}

function messageIn({ fields = {}, missing = {} }: Words, error: AppError): string {
  if (error instanceof Missing) return missing[error.thing] ?? error.message
  if (!(error instanceof FieldError)) return error.message
  return error.faults.map(({ path, text }) => `${fields[path] ?? path}: ${text}`).join('; ')
}

export function statusIn(face: Pick<Face, 'statuses'>, code: ErrorCode): number {
  return face.statuses?.[code] ?? errorTable[code].status
}

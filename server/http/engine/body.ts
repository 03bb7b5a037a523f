import express, { type Request, type RequestHandler } from 'express'
import { type BodyKind, type Endpoint, linesType } from '#contract/endpoint'
import { AppError, invalid } from '#contract/errors'
import type { Line } from '#contract/runners/lines'
import type { Face } from '../face.ts'

/** Largest request body. */
const limit = 10 * 1024 * 1024
/** The largest one that is taken as it is: whoever sends it has not shown a credential yet. */
const rawLimit = 256 * 1024
/** Lines that are read of a body; contracts take fewer, and refuse what has as many. */
const maxLines = 10_000

export const mediaTypes: Record<BodyKind, string> = {
  json: 'application/json',
  lines: linesType,
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
  raw: '*/*'
}

/** In what form the body of an endpoint may come. */
export function bodiesOf({ bodies }: Pick<Face, 'bodies'>, { takes }: Endpoint): readonly BodyKind[] {
  return takes ?? bodies ?? ['json']
}

/** Reads the body of a request, once it is known who sends it. That of a GET means nothing unless it holds parameters. */
export function parseBody(face: Face, endpoint: Endpoint): RequestHandler {
  const kinds = bodiesOf(face, endpoint)
  return async (request, response, next) => {
    const looking = request.method === 'GET' || request.method === 'HEAD'
    if (looking && !face.parametersInBody) return next()
    const kind = kinds.find(one => one === 'raw' || request.is(mediaTypes[one]))
    if (kind) return readers[kind](request, response, next)
    if (!looking && (await carriesBody(request))) {
      request.resume()
      throw new AppError('UNSUPPORTED_MEDIA_TYPE', expectation(kinds))
    }
    next()
  }
}

function expectation(kinds: readonly BodyKind[]): string {
  if (kinds.length === 0) return 'This takes no body'
  return `The body must be ${kinds.map(kind => mediaTypes[kind]).join(' or ')}`
}

const readBytes = express.raw({ limit, type: [mediaTypes.multipart, mediaTypes.lines] })

const readers: Record<BodyKind, RequestHandler> = {
  json: express.json({ limit, strict: false, type: mediaTypes.json }),
  form: express.urlencoded({ extended: false, limit, type: mediaTypes.form }),
  lines: fromBytes(bodyOfLines),
  multipart: fromBytes(fieldsOf),
  raw: express.raw({ limit: rawLimit, type: () => true })
}

function fromBytes(read: (request: Request) => Promise<unknown>): RequestHandler {
  return (request, response, next) =>
    readBytes(request, response, error => {
      if (error) return next(error)
      read(request).then(body => {
        request.body = body
        next()
      }, next)
    })
}

/** The bytes of a body of the form `raw`; none where nothing was sent. */
export function rawBody({ body }: Request): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

const linesOfRequests = new WeakMap<Request, readonly Line[]>()

/** The entries of `items` as they came, where the body came in lines. */
export function linesOf(request: Request): readonly Line[] | undefined {
  return linesOfRequests.get(request)
}

/** Throws INVALID_REQUEST. */
async function bodyOfLines(request: Request): Promise<object> {
  const text = String(request.body ?? '').replace(/\n$/, '')
  const [head, ...lines] = text.split('\n', maxLines).map(readLine)
  linesOfRequests.set(request, lines)
  return { ...(head?.json as object), items: lines.map(({ json }) => json) }
}

function readLine(text: string, index: number): Line {
  try {
    return { text, json: JSON.parse(text) }
  } catch {
    throw new AppError('INVALID_REQUEST', `Line ${index + 1} of the body is not JSON`)
  }
}

/** The fields of a form that came in parts. Throws INVALID_REQUEST. */
async function fieldsOf(request: Request): Promise<Record<string, string>> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  const form = await new Response(request.body, { headers }).formData().catch(() => {
    throw new AppError('INVALID_REQUEST', 'The body cannot be decoded as its headers say')
  })
  const fields: [string, string][] = []
  for (const [name, value] of form) {
    if (typeof value !== 'string') throw invalid(name, 'a text is expected, not a file')
    fields.push([name, value])
  }
  return Object.fromEntries(fields)
}

/** What is sent in chunks says nothing of how much will come: the first of them tells, or the end. */
async function carriesBody(request: Request): Promise<boolean> {
  if (request.headers['transfer-encoding'] === undefined) return Number(request.headers['content-length'] ?? 0) > 0
  if (request.readableEnded) return false
  await new Promise<void>(resolve => {
    for (const event of ['readable', 'end', 'close']) request.once(event, () => resolve())
  })
  return request.read() !== null
}

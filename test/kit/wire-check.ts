import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Endpoint } from '#contract/endpoint'
import { announced, dialects } from '../../server/dialects/index.ts'
import { credentialsOf, type Face } from '../../server/http/face.ts'
import { native } from '../../server/http/native/index.ts'
import { openApi } from '../../server/http/openapi.ts'
import { faceOf } from '../../server/http/root.ts'
import { endpointsOfFaces } from './endpoints.ts'

interface Response {
  content?: Record<string, { schema: { contentSchema?: object } }>
}

interface Operation {
  operationId: string
  responses: Record<string, Response>
}

interface Document {
  paths: Record<string, Record<string, Operation>>
}

/** Bodies beyond this are not checked: what they are of was checked often enough. */
const longest = 2 << 20

const known: Face[] = [native, ...dialects]

function createInstallation() {
  return { version: '0', url: 'http://localhost', ...credentialsOf([...known, ...announced]) }
}

/** Checks the answers of a further face too, in this file of tests. */
export function alsoCheck(face: Face, endpoints: Endpoint[]): void {
  known.push(face)
  endpointsOfFaces[face.id] = endpoints
  books.clear()
}

/** A document, and what its schemas say to a value. */
function createBook(face: Face) {
  const document = openApi(face, createInstallation(), endpointsOfFaces[face.id] ?? [])
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false })
  ajv.addSchema(document, 'document')
  const checks = new Map<string, ValidateFunction>()
  const { paths } = document as unknown as Document
  const patterns = Object.keys(paths).map(path => ({
    path,
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`)
  }))

  return {
    /** The path as the document has it; null: it does not know it. */
    find: (path: string) => patterns.find(({ pattern }) => pattern.test(path))?.path ?? null,
    item: (path: string) => paths[path] ?? {},
    /** What a schema of the document, told by where it stands, has against a value; null: nothing. */
    against(place: string[], value: unknown): string | null {
      const pointer = place.map(part => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
      const check = checks.get(pointer) ?? ajv.compile({ $ref: `document#/${pointer}` })
      checks.set(pointer, check)
      return check(value) ? null : ajv.errorsText(check.errors)
    }
  }
}

const books = new Map<string, ReturnType<typeof createBook>>()

function bookOf(face: Face) {
  const book = books.get(face.id) ?? createBook(face)
  books.set(face.id, book)
  return book
}

interface Exchange {
  method: string
  /** As the client sent it. */
  target: string
  status: number
  type: string
  allow: string | undefined
  body: string
}

/** What of an answer its document does not allow; null: nothing. */
export function breach(face: Face, { method, target, status, type, allow, body }: Exchange): string | null {
  const path = decodedPath(target, face)
  const book = bookOf(face)
  const known = book.find(path)
  const places = known === null ? null : book.item(known)
  const operation = places?.[method === 'HEAD' ? 'get' : method.toLowerCase()]
  if (!operation) {
    if (status < 400) return null
    if (known !== null && status === 405 && !allow) return 'a 405 without Allow'
    return isJson(type) ? book.against(['components', 'schemas', 'Error'], JSON.parse(body)) : null
  }
  const declared = operation.responses[status]
  if (!declared) return `the status ${status} is not declared; there are ${Object.keys(operation.responses).join(', ')}`
  if (body === '' || method === 'HEAD') return null
  const media = type.split(';')[0] ?? ''
  const content = declared.content?.[media]
  if (!content) return `the media type ${media} is not declared for ${status}`
  const place = ['paths', known ?? '', method.toLowerCase(), 'responses', String(status), 'content', media, 'schema']
  if (media === 'application/json') return book.against(place, JSON.parse(body))
  if (!content.schema.contentSchema) return null
  for (const value of messagesOf(body)) {
    const fault = book.against([...place, 'contentSchema'], value)
    if (fault) return `${fault} in ${JSON.stringify(value).slice(0, 300)}`
  }
  return null
}

function isJson(type: string): boolean {
  return type.startsWith('application/json')
}

/** As the document has it: it says in its server what all its paths begin with. */
function decodedPath(target: string, { prefix, base }: Face): string {
  const path = target.split('?')[0] ?? ''
  const own = prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path
  return base !== undefined && own.startsWith(`${base}/`) ? own.slice(base.length) : own
}

function messagesOf(stream: string): unknown[] {
  return stream
    .split('\n\n')
    .slice(0, -1)
    .flatMap(frame => {
      const data = frame.split('\n').filter(line => line.startsWith('data: '))
      return data.length === 0 ? [] : [JSON.parse(data.map(line => line.slice(6)).join('\n'))]
    })
}

/** Looks at every answer of a control plane in this process as it happens; `fault` is what its document does not allow. */
export function watchWire(told: (exchange: string, fault: string | null) => void): () => void {
  function onRequest(message: unknown): void {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    const target = request.url ?? ''
    const pieces: Buffer[] = []
    let length = 0
    const keep = (chunk: unknown) => {
      if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return
      length += chunk.length
      if (length <= longest) pieces.push(Buffer.from(chunk as string))
    }
    const { write, end } = response
    response.write = function keepAndWrite(...parts: unknown[]) {
      keep(parts[0])
      return write.apply(response, parts as Parameters<typeof write>)
    } as typeof write
    response.end = function keepAndEnd(...parts: unknown[]) {
      keep(parts[0])
      return end.apply(response, parts as Parameters<typeof end>)
    } as typeof end
    response.once('close', () => {
      const face = served(request)
      const streams = String(response.getHeader('content-type')).startsWith('text/event-stream')
      // Of what a client left before its end, only a stream tells something.
      if (!face || length > longest || !(response.writableFinished || streams)) return
      const fault = breach(face, {
        method: request.method ?? '',
        target,
        status: response.statusCode,
        type: String(response.getHeader('content-type') ?? ''),
        allow: response.getHeader('allow')?.toString(),
        body: Buffer.concat(pieces).toString('utf8')
      })
      told(`${request.method} ${target} of ${face.id} answered ${response.statusCode}`, fault)
    })
  }

  subscribe('http.server.request.start', onRequest)
  return () => void unsubscribe('http.server.request.start', onRequest)
}

/** Null for what no control plane answered, such as the model that tests speak to. */
function served(request: IncomingMessage): Face | null {
  try {
    const face = faceOf(request)
    return known.includes(face) ? face : null
  } catch {
    return null
  }
}

import { z } from 'zod'
import { type BodyKind, type Endpoint, type ListName, listMark } from '#contract/endpoint'
import { type ErrorCode, errorTable } from '#contract/errors'
import type { Domain } from '../domain/domain.ts'
import { errorsOf, headersOf } from './declared-answers.ts'
import { hasTag } from './engine/answer.ts'
import { bodiesOf, mediaTypes } from './engine/body.ts'
import { type Face, statusIn } from './face.ts'

type Json = Record<string, unknown>

/** What a document says of where it stands. */
interface Installation extends Pick<Domain, 'keyStyles' | 'tokenFaces'> {
  version: string
  url: string
}

/** OpenAPI 3.1 of a face, made from its endpoints. */
export function openApi(
  face: Face,
  { version, url, keyStyles, tokenFaces }: Installation,
  endpoints: readonly Endpoint[]
): Json {
  const book: Book = { schemas: {}, lists: { keyStyles: keyStyles.map(({ name }) => name), tokenFaces } }
  const paths: Record<string, Json> = {}
  const { prefix, base = '' } = face
  for (const endpoint of endpoints) {
    const path = endpoint.path.slice(base.length).replace(/:(\w+)/g, '{$1}')
    const item = paths[path] ?? {}
    item[endpoint.method.toLowerCase()] = operation({ face, endpoints, book }, endpoint)
    paths[path] = item
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: face.title,
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description: face.description
    },
    servers: [{ url: url + prefix + base }],
    tags: [...new Set(endpoints.map(endpoint => endpoint.tag))].map(name => ({ name, description: face.tags[name] })),
    paths,
    components: {
      schemas: { ...book.schemas, Error: schemaOf(face.errorBody, 'output', book) },
      parameters: requestHeaders,
      headers: { ...responseHeaders, ...(face.tellsAllowance ? allowanceHeaders : {}) },
      securitySchemes: { bearerAuth: { type: 'http', scheme: 'bearer' } }
    }
  }
}

type Lists = Record<ListName, readonly string[]>

interface Book {
  /** Named shapes, as they are met. */
  schemas: Json
  lists: Lists
}

interface Surroundings {
  face: Face
  endpoints: readonly Endpoint[]
  book: Book
}

function operation(around: Surroundings, endpoint: Endpoint): Json {
  const { face, endpoints, book } = around
  const body = schemaOf(endpoint.body, 'input', book)
  const hasBody = endpoint.method !== 'GET' && !isEmpty(body)
  return {
    operationId: endpoint.id,
    tags: [endpoint.tag],
    summary: endpoint.summary.split('. ')[0],
    description: endpoint.summary,
    ...(endpoint.scope === 'public' ? { security: [] } : { security: [{ bearerAuth: [] }] }),
    parameters: [
      ...parameters(endpoint.params, 'path', book),
      ...parameters(endpoint.query, 'query', book),
      ...headersOf(endpoint, endpoints).map(name => ({ $ref: `#/components/parameters/${name}` }))
    ],
    ...(hasBody
      ? { requestBody: { required: isRequired(body), content: requestContent(bodiesOf(face, endpoint), body) } }
      : {}),
    responses: responses(around, endpoint)
  }
}

function requestContent(kinds: readonly BodyKind[], schema: Json): Json {
  return Object.fromEntries(kinds.map(kind => [mediaTypes[kind], { schema }]))
}

const text = (most: number) => ({ type: 'string', maxLength: most })

const requestHeaders: Json = Object.fromEntries(
  Object.entries({
    'Idempotency-Key': {
      description: 'Sent again within a day it answers the same and does nothing twice',
      schema: { minLength: 1, ...text(200) }
    },
    'If-Match': { description: 'ETag that the resource must still have; else 412', schema: text(2000) },
    'If-None-Match': { description: 'ETag that is known; 304 while it stays', schema: text(2000) },
    'Last-Event-ID': { description: 'Where to resume; it wins over `after`', schema: text(20) }
  }).map(([name, rest]) => [name, { name, in: 'header', required: false, ...rest }])
)

const responseHeaders: Json = {
  ETag: { description: 'Name of this state of the resource', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds after which to try again', schema: { type: 'integer' } },
  Allow: { description: 'Methods that the path takes', schema: { type: 'string' } },
  'X-Request-Id': { description: 'Stands in the log', schema: { type: 'string' } }
}

const allowanceHeaders: Json = {
  'X-RateLimit-Limit': { description: 'Requests that there may be', schema: { type: 'integer' } },
  'X-RateLimit-Remaining': { description: 'How many of them are left', schema: { type: 'integer' } },
  'X-RateLimit-Reset': {
    description: 'When all of them are there again: seconds since 1970',
    schema: { type: 'integer' }
  }
}

function allowanceOf({ tellsAllowance }: Face): string[] {
  return tellsAllowance ? Object.keys(allowanceHeaders) : []
}

function withHeaders(...names: string[]): { headers: Json } {
  return { headers: Object.fromEntries(names.map(name => [name, { $ref: `#/components/headers/${name}` }])) }
}

/** Headers that go with a status, besides the id of the request. */
const headersByStatus: Record<number, string[]> = { 405: ['Allow'], 429: ['Retry-After'], 503: ['Retry-After'] }

function responses({ face, endpoints, book }: Surroundings, endpoint: Endpoint): Json {
  const success = {
    content: successContent(endpoint, book),
    ...withHeaders('X-Request-Id', ...(hasTag(endpoint) ? ['ETag'] : []), ...allowanceOf(face))
  }
  const answers: Json = { [endpoint.status]: { description: 'Success', ...success } }
  if (endpoint.otherStatus)
    answers[endpoint.otherStatus.status] = { description: endpoint.otherStatus.when, ...success }
  if (endpoint.method === 'GET' && hasTag(endpoint))
    answers[304] = { description: 'It is as it was', ...withHeaders('X-Request-Id', 'ETag') }
  const codes = errorsOf(face, endpoint, endpoints)
  for (const status of new Set(codes.map(code => statusIn(face, code)))) {
    answers[status] = {
      description: meaningOf(face, status, codes),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      ...withHeaders('X-Request-Id', ...(headersByStatus[status] ?? []), ...(status === 429 ? allowanceOf(face) : []))
    }
  }
  return answers
}

/** In the words of the document that the face renders; ours are for those who read our codes. */
function meaningOf(face: Face, status: number, codes: readonly ErrorCode[]): string {
  const own = codes.filter(code => statusIn(face, code) === status)
  if (face.meanings) return face.meanings[status] ?? errorTable[own[0] ?? 'INTERNAL'].meaning
  return own.map(code => `\`${code}\`: ${errorTable[code].meaning}`).join('. ')
}

function successContent(endpoint: Endpoint, book: Book): Json {
  if (endpoint.file)
    return Object.fromEntries(endpoint.file.map(type => [type, { schema: { contentMediaType: type } }]))
  const content: Json = {}
  if (!endpoint.streamOnly) content['application/json'] = { schema: schemaOf(endpoint.output, 'output', book) }
  if (endpoint.lines)
    content['application/x-ndjson'] = {
      schema: {
        type: 'string',
        contentMediaType: 'application/json',
        contentSchema: schemaOf(endpoint.lines, 'output', book)
      }
    }
  if (endpoint.stream)
    content[endpoint.stream] = {
      schema: endpoint.message
        ? {
            type: 'string',
            description: 'Messages as server-sent events; the `data` of each is JSON',
            contentMediaType: 'application/json',
            contentSchema: schemaOf(endpoint.message, 'output', book)
          }
        : { type: 'string' }
    }
  return content
}

function parameters(schema: z.ZodType, where: 'path' | 'query', book: Book): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input', book) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: property,
    ...(typeof property.description === 'string' ? { description: property.description } : {})
  }))
}

/** JSON Schema of a zod value; named shapes become components. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', { schemas, lists }: Book): Json {
  const { $schema, $defs, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => nameChoices(jsonSchema, lists)
  }) as Json & { $defs?: Json }
  for (const [name, definition] of Object.entries($defs ?? {}))
    schemas[name] ??= toComponents(withoutId(definition as Json))
  const { id } = rest
  if (typeof id !== 'string') return toComponents(rest)
  schemas[id] ??= toComponents(withoutId(rest))
  return { $ref: `#/components/schemas/${id}` }
}

/** What is one of a list is written out. */
function nameChoices(schema: Json, lists: Lists): void {
  const list = schema[listMark]
  if (list === undefined) return
  delete schema[listMark]
  schema.enum = lists[list as ListName]
}

function withoutId({ id: _id, ...rest }: Json): Json {
  return rest
}

/** zod points to `#/$defs/X`; a document has them under components. */
function toComponents(value: Json): Json {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json
}

function isEmpty(schema: Json): boolean {
  return schema.type === 'object' && Object.keys((schema.properties as Json | undefined) ?? {}).length === 0
}

function isRequired(schema: Json): boolean {
  return !('required' in schema) ? schema.$ref !== undefined : (schema.required as string[]).length > 0
}

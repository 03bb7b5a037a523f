import { z } from 'zod'
import type { Endpoint } from '#contract/endpoint'
import { type ErrorCode, errorTable } from '#contract/errors'
import { errorsOf, headersOf } from './declared-answers.ts'
import { hasTag } from './engine/answer.ts'
import { type Face, statusIn } from './face.ts'

type Json = Record<string, unknown>

/** OpenAPI 3.1 of a face, made from its endpoints. */
export function openApi(
  face: Face,
  { version, url }: { version: string; url: string },
  endpoints: readonly Endpoint[]
): Json {
  const schemas: Json = {}
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    const item = paths[path] ?? {}
    item[endpoint.method.toLowerCase()] = operation({ face, endpoints, schemas }, endpoint)
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
    servers: [{ url: url + face.prefix }],
    tags: [...new Set(endpoints.map(endpoint => endpoint.tag))].map(name => ({ name, description: face.tags[name] })),
    paths,
    components: {
      schemas: { ...schemas, Error: schemaOf(face.errorBody, 'output', schemas) },
      parameters: requestHeaders,
      headers: responseHeaders,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } }
    }
  }
}

interface Surroundings {
  face: Face
  endpoints: readonly Endpoint[]
  schemas: Json
}

function operation(around: Surroundings, endpoint: Endpoint): Json {
  const { endpoints, schemas } = around
  const body = schemaOf(endpoint.body, 'input', schemas)
  const hasBody = endpoint.method !== 'GET' && !isEmpty(body)
  return {
    operationId: endpoint.id,
    tags: [endpoint.tag],
    summary: endpoint.summary.split('. ')[0],
    description: endpoint.summary,
    ...(endpoint.scope === 'public' ? { security: [] } : { security: [{ bearer: [] }] }),
    parameters: [
      ...parameters(endpoint.params, 'path', schemas),
      ...parameters(endpoint.query, 'query', schemas),
      ...headersOf(endpoint, endpoints).map(name => ({ $ref: `#/components/parameters/${name}` }))
    ],
    ...(hasBody
      ? { requestBody: { required: isRequired(body), content: { 'application/json': { schema: body } } } }
      : {}),
    responses: responses(around, endpoint)
  }
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

function withHeaders(...names: string[]): { headers: Json } {
  return { headers: Object.fromEntries(names.map(name => [name, { $ref: `#/components/headers/${name}` }])) }
}

/** Headers that go with a status, besides the id of the request. */
const headersByStatus: Record<number, string[]> = { 405: ['Allow'], 429: ['Retry-After'], 503: ['Retry-After'] }

function responses({ face, endpoints, schemas }: Surroundings, endpoint: Endpoint): Json {
  const success = {
    content: successContent(endpoint, schemas),
    ...withHeaders('X-Request-Id', ...(hasTag(endpoint) ? ['ETag'] : []))
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
      ...withHeaders('X-Request-Id', ...(headersByStatus[status] ?? []))
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

function successContent(endpoint: Endpoint, schemas: Json): Json {
  const content: Json = {}
  if (!endpoint.streamOnly) content['application/json'] = { schema: schemaOf(endpoint.output, 'output', schemas) }
  if (endpoint.lines)
    content['application/x-ndjson'] = {
      schema: {
        type: 'string',
        contentMediaType: 'application/json',
        contentSchema: schemaOf(endpoint.lines, 'output', schemas)
      }
    }
  if (endpoint.stream)
    content[endpoint.stream] = {
      schema: endpoint.message
        ? {
            type: 'string',
            description: 'Messages as server-sent events; the `data` of each is JSON',
            contentMediaType: 'application/json',
            contentSchema: schemaOf(endpoint.message, 'output', schemas)
          }
        : { type: 'string' }
    }
  return content
}

function parameters(schema: z.ZodType, where: 'path' | 'query', schemas: Json): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input', schemas) as {
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
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const { $schema, $defs, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & { $defs?: Json }
  for (const [name, definition] of Object.entries($defs ?? {}))
    schemas[name] ??= toComponents(withoutId(definition as Json))
  const { id } = rest
  if (typeof id !== 'string') return toComponents(rest)
  schemas[id] ??= toComponents(withoutId(rest))
  return { $ref: `#/components/schemas/${id}` }
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

import { z } from 'zod'
import type { Endpoint } from '#contract/endpoint'
import { commonErrors, type ErrorCode, errorTable } from '#contract/errors'
import { takesKey } from './engine/writing.ts'
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
    item[endpoint.method.toLowerCase()] = operation(face, endpoint, schemas)
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
    tags: [...new Set(endpoints.map(endpoint => endpoint.tag))].map(name => ({ name })),
    paths,
    components: {
      schemas: { ...schemas, Error: schemaOf(face.errorBody, 'output', schemas) },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } }
    }
  }
}

function operation(face: Face, endpoint: Endpoint, schemas: Json): Json {
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
      ...(takesKey(endpoint) ? [idempotencyHeader] : [])
    ],
    ...(hasBody
      ? { requestBody: { required: isRequired(body), content: { 'application/json': { schema: body } } } }
      : {}),
    responses: responses(face, endpoint, schemas)
  }
}

const idempotencyHeader = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 200 }
}

function responses(face: Face, endpoint: Endpoint, schemas: Json): Json {
  const content: Json = {}
  if (!endpoint.streamOnly) content['application/json'] = { schema: schemaOf(endpoint.output, 'output', schemas) }
  if (endpoint.stream) content[endpoint.stream] = { schema: { type: 'string' } }
  const answers: Json = { [endpoint.status]: { description: 'Success', content } }
  const codes: readonly ErrorCode[] = [
    ...(endpoint.scope === 'public' ? ['INTERNAL' as const] : commonErrors),
    ...endpoint.errors
  ]
  for (const status of new Set(codes.map(code => statusIn(face, code)))) {
    const meanings = codes
      .filter(code => statusIn(face, code) === status)
      .map(code => `\`${code}\`: ${errorTable[code].meaning}`)
    answers[status] = {
      description: [...new Set(meanings)].join('. '),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }
    }
  }
  return answers
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

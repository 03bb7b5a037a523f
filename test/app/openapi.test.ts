import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpoints } from '../kit/endpoints.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

interface OpenApi {
  paths: Record<string, Record<string, { operationId: string }>>
  components: { schemas: Record<string, unknown> }
}

async function document(): Promise<OpenApi & Record<string, unknown>> {
  return (await app.request('GET', '/openapi.json', { token: null })).body as OpenApi & Record<string, unknown>
}

test('the document is valid OpenAPI 3.1 to an independent validator', async () => {
  const body = await document()
  const validator = new Validator()
  const result = await validator.validate(body)
  expect(result).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('it describes every endpoint of the contract, and no other', async () => {
  const { paths } = await document()
  const described = Object.values(paths).flatMap(item => Object.values(item).map(operation => operation.operationId))
  expect(described.sort()).toEqual(endpoints.map(endpoint => endpoint.id).sort())
})

test('every reference in it leads somewhere', async () => {
  const body = await document()
  const names = [...JSON.stringify(body).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(match => match[1])
  expect(names.length).toBeGreaterThan(10)
  for (const name of names) expect(body.components.schemas).toHaveProperty(name ?? '')
})

test('the page of the API is served from here, without loading anything from elsewhere', async () => {
  const page = await app.request('GET', '/docs/', { token: null })
  expect(page.status).toBe(200)
  const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1] ?? '')
  expect(sources.length).toBeGreaterThan(2)
  for (const source of sources) {
    const url = new URL(source, `${app.url}/docs/`)
    expect(url.origin).toBe(app.url)
    expect((await app.request('GET', url.pathname, { token: null })).status).toBe(200)
  }
})

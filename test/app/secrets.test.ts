import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAgent, executeAgent } from '#contract/fleet/agents'
import { changeMcp, createMcp, deleteMcp, listMcps } from '#contract/fleet/mcps'
import { deleteSecret, listSecrets, setSecret } from '#contract/fleet/secrets'
import { getRun, launchRun } from '#contract/runs/runs'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const value = 'marker-value-that-must-not-leak'

let app: App
let runner: RunnerClient

beforeAll(async () => {
  app = await startApp()
  runner = await connectRunner(app, { capacity: 100 })
})
afterAll(() => app.close())

const set = (key: string, more: Record<string, unknown> = {}) =>
  app.call(setSecret, { body: { key, value: `${value}-${key}`, ...more } })
const newAgent = (name: string, more: Record<string, unknown> = {}) =>
  app.call(createAgent, { body: { name, ...more } })

async function assignmentOf(agentId: string) {
  const run = await app.call(executeAgent, { params: { id: agentId }, body: { prompt: 'x' } })
  const [assignment] = await runner.claim()
  return { run, assignment }
}

describe('a secret', () => {
  test('is listed by name only, replaced, and deleted', async () => {
    await set('LISTED')
    await set('LISTED', { value: `${value}-again` })
    const answer = await app.request('GET', listSecrets.path)
    expect(answer.text).not.toContain(value)
    const { data } = await app.call(listSecrets)
    expect(data.filter(secret => secret.key === 'LISTED')).toMatchObject([
      { scope: 'org', agentId: null, lastUsedAt: null }
    ])
    await app.call(deleteSecret, { params: { key: 'LISTED' } })
    await expect(app.call(deleteSecret, { params: { key: 'LISTED' } })).rejects.toThrow('NOT_FOUND')
  })

  test.each([
    [{ key: 'lower', value: 'x' }, 'key'],
    [{ key: '1ST', value: 'x' }, 'key'],
    [{ key: 'A B', value: 'x' }, 'key'],
    [{ key: 'OK', value: '' }, 'value'],
    [{ key: 'OK' }, 'value'],
    [{ key: 'OK', value: 'x', scope: 'team' }, 'scope'],
    [{ key: 'OK', value: 'x', scope: 'agent' }, 'agentId'],
    [{ key: 'OK', value: 'x', scope: 'agent', agentId: 'nobody' }, 'agentId']
  ])('%j is refused with the field %s, without its value', async (body, field) => {
    const answer = await app.request('POST', setSecret.path, { body })
    expect([answer.status, answer.error.field]).toEqual([400, field])
  })

  test('reaches runs when they are claimed: all of the organisation, and an agent’s own, which wins', async () => {
    const agent = await newAgent('Keeper')
    const other = await newAgent('Other')
    await set('SHARED')
    await set('BOTH')
    await set('BOTH', { scope: 'agent', agentId: agent.slug, value: 'its own' })
    const { assignment } = await assignmentOf(agent.id)
    expect(assignment?.env).toMatchObject({ SHARED: `${value}-SHARED`, BOTH: 'its own' })
    expect((await assignmentOf(other.id)).assignment?.env).toMatchObject({ BOTH: `${value}-BOTH` })
    const { data } = await app.call(listSecrets, { query: { scope: 'agent', agentId: agent.id } })
    expect(data).toMatchObject([{ key: 'BOTH', agentId: agent.id, lastUsedAt: expect.any(String) }])
  })

  test('stands in no file of the data folder and in no answer', async () => {
    await set('HIDDEN')
    const { run } = await assignmentOf((await newAgent('Hider')).id)
    for (const path of [
      `/api/v1/runs/${run.id}`,
      `/api/v1/runs/${run.id}/events`,
      '/api/v1/stream?after=0',
      '/api/v1/secrets'
    ])
      expect((await app.request('GET', path)).text).not.toContain(value)
    for (const file of filesBelow(app.dataDir))
      expect([file, readFileSync(file).includes(value)]).toEqual([file, false])
    expect(statSync(join(app.dataDir, 'data.key')).mode & 0o777).toBe(0o600)
  })
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
}

describe('an MCP server', () => {
  test('shows the names of its variables, never their values', async () => {
    const made = await app.call(createMcp, {
      body: { name: 'files', transport: 'stdio', command: 'mcp-files', args: ['/tmp'], env: { TOKEN: value } }
    })
    expect(made).toMatchObject({ envKeys: ['TOKEN'], headerKeys: [], status: 'unknown' })
    expect((await app.request('GET', listMcps.path)).text).not.toContain(value)
    await app.call(deleteMcp, { params: { id: made.id } })
  })

  test.each([
    [{ name: 'x', transport: 'stdio' }, 'command'],
    [{ name: 'x', transport: 'http' }, 'url'],
    [{ name: 'x', transport: 'http', url: 'ftp://x' }, 'url'],
    [{ name: 'not\na name', transport: 'stdio', command: 'x' }, 'name'],
    [{ name: 'x', transport: 'pigeon' }, 'transport']
  ])('%j is refused with the field %s', async (body, field) => {
    const answer = await app.request('POST', createMcp.path, { body })
    expect([answer.status, answer.error.field]).toEqual([400, field])
  })

  test('reaches the runs of agents that name it, or name none, with its secrets in place', async () => {
    await set('API_TOKEN')
    const body = {
      name: 'tracker',
      transport: 'http',
      url: 'http://127.0.0.1:9/mcp',
      headers: { Authorization: 'Bearer {{secret:API_TOKEN}}' }
    }
    const made = await app.call(createMcp, { body })
    const all = await newAgent('Takes all')
    const none = await newAgent('Takes none', { mcpIds: [] })
    expect((await assignmentOf(all.id)).assignment?.mcpServers).toMatchObject([
      { name: 'tracker', headers: { Authorization: `Bearer ${value}-API_TOKEN` } }
    ])
    expect((await assignmentOf(none.id)).assignment?.mcpServers).toEqual([])
    await app.call(changeMcp, { params: { id: made.id }, body: { headers: { Authorization: '{{secret:NOT_THERE}}' } } })
    const run = await app.call(launchRun, { body: { prompt: 'x', agentId: all.id } })
    expect(await runner.claim()).toEqual([])
    expect(await app.call(getRun, { params: { id: run.id } })).toMatchObject({
      status: 'FAILED',
      error: { code: 'SECRET_MISSING', message: expect.stringContaining('NOT_THERE') }
    })
    await app.call(deleteMcp, { params: { id: made.id } })
  })
})

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAgent, executeAgent } from '#contract/fleet/agents'
import { changeMcp, createMcp, deleteMcp, listMcps } from '#contract/fleet/mcps'
import { deleteSecret, listSecrets, setSecret } from '#contract/fleet/secrets'
import { eventsOf } from '../kit/events.ts'
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
  return { run, assignment: await runner.take(run.id) }
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

  test.each([
    ['NUL', 'before\0after'],
    ['NUL at its end', 'sk-0123456789\0'],
    ['half of a character', 'sk-\ud800-0123456789'],
    ['more bytes than a process takes', 'é'.repeat(65_536)],
    ['one byte too many with its name', 'x'.repeat(128 * 1024 - 'HOLDER='.length)]
  ])('that holds %s is refused by its name, without its value', async (_, bad) => {
    const answer = await app.request('POST', setSecret.path, { body: { key: 'HOLDER', value: bad } })
    expect([answer.status, answer.error.field]).toEqual([400, 'value'])
    expect(answer.text).toContain('HOLDER')
    expect(answer.text).not.toContain(bad.slice(0, 10))
    const { data } = await app.call(listSecrets)
    expect(data.map(secret => secret.key)).not.toContain('HOLDER')
  })

  test('may be as long as a process takes', async () => {
    await set('LONGEST', { value: 'x'.repeat(128 * 1024 - 'LONGEST='.length - 1) })
    await app.call(deleteSecret, { params: { key: 'LONGEST' } })
  })

  test('is refused when an agent could not be given all of its own together', async () => {
    const agent = await newAgent('Heavy')
    const value = 'x'.repeat(120_000)
    for (const key of ['W1', 'W2', 'W3']) await set(key, { value })
    await set('W4', { value, scope: 'agent', agentId: agent.id })
    for (const more of [{}, { scope: 'agent', agentId: agent.id }]) {
      const answer = await app.request('POST', setSecret.path, { body: { key: 'W5', value, ...more } })
      expect([answer.status, answer.error.field]).toEqual([400, 'value'])
      expect(answer.text).toContain('W5')
    }
    // One of another agent and a new value of a known one find room.
    await set('W5', { value, scope: 'agent', agentId: (await newAgent('Light')).id })
    await set('W3', { value: `${value}y` })
    for (const key of ['W1', 'W2', 'W3']) await app.call(deleteSecret, { params: { key } })
  })

  test.each(['PATH', 'NODE_OPTIONS', 'LD_PRELOAD', 'BASH_ENV', 'DYLD_INSERT_LIBRARIES', 'FLOTILLA_RUN_ID'])(
    'is not called %s',
    async key => {
      const answer = await app.request('POST', setSecret.path, { body: { key, value: 'x'.repeat(10) } })
      expect([answer.status, answer.error.field]).toEqual([400, 'key'])
      expect(answer.text).toContain(key)
    }
  )

  test.each([
    ['1234567', true],
    ['a b c d e f g\n', true],
    ['\\\\\\\\\\\\\\\\abc', true],
    ['12345678', false],
    ['four word pass phrase', false]
  ])('%j that is too short to be hidden is taken with a warning: %s', async (short, warned) => {
    const { warning } = await set('SHORT', { value: short })
    expect(warning === null).toBe(!warned)
    if (warned) expect(warning).toContain('SHORT')
    expect(warning ?? '').not.toContain(short)
    await app.call(deleteSecret, { params: { key: 'SHORT' } })
  })

  test('reaches runs when they are claimed: all of the organisation, and an agent’s own, which wins', async () => {
    const agent = await newAgent('Keeper')
    const other = await newAgent('Other')
    await set('SHARED')
    await set('BOTH')
    await set('BOTH', { scope: 'agent', agentId: agent.slug, value: 'its own' })
    const { assignment } = await assignmentOf(agent.id)
    expect(assignment.env).toMatchObject({ SHARED: `${value}-SHARED`, BOTH: 'its own' })
    expect((await assignmentOf(other.id)).assignment.env).toMatchObject({ BOTH: `${value}-BOTH` })
    const { data } = await app.call(listSecrets, { query: { scope: 'agent', agentId: agent.id } })
    expect(data).toMatchObject([{ key: 'BOTH', agentId: agent.id, lastUsedAt: expect.any(String) }])
  })

  test('is listed for the agent that it reaches: its own and all of the organisation, none of others', async () => {
    const agent = await newAgent('Reached')
    const other = await newAgent('Far')
    await set('OF_ALL')
    await set('OF_ONE', { scope: 'agent', agentId: agent.id })
    await set('OF_ANOTHER', { scope: 'agent', agentId: other.id })
    const keysFor = async (reaches: string, scope?: 'org' | 'agent') => {
      const { data } = await app.call(listSecrets, { query: { reaches, ...(scope && { scope }) } })
      return data.map(({ key, agentId }) => `${key} ${agentId === null ? 'of all' : agentId === agent.id}`)
    }
    expect(await keysFor(agent.slug)).toEqual(expect.arrayContaining(['OF_ALL of all', 'OF_ONE true']))
    expect((await keysFor(agent.id)).filter(one => one.startsWith('OF_ANOTHER'))).toEqual([])
    expect(await keysFor(agent.id, 'agent')).toEqual(['OF_ONE true'])
    const answer = await app.request('GET', '/api/v1/secrets?reaches=nobody')
    expect([answer.status, answer.error.field]).toEqual([400, 'reaches'])
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

  test.each([
    [{ env: { GOOD: 'x', TOKEN: `a\0${value}` } }, 'env.TOKEN'],
    [{ env: { 'A=B': value } }, 'env.A=B'],
    [{ env: { HALF: `\udc00${value}` } }, 'env.HALF'],
    [{ headers: { Authorization: `Bearer ${value}\nX-Other: 1` } }, 'headers.Authorization'],
    [{ headers: { 'Bad Name': value } }, 'headers.Bad Name'],
    [{ args: ['--token', `${value}\0`] }, 'args'],
    [{ command: `mcp\0${value}` }, 'command']
  ])('with %j is refused, made or changed, by the name of what is wrong', async (wrong, field) => {
    const good = { name: 'handed', transport: 'stdio', command: 'mcp' }
    const refused = await app.request('POST', createMcp.path, { body: { ...good, ...wrong } })
    const made = await app.call(createMcp, { body: { name: 'handed', transport: 'stdio', command: 'mcp' } })
    const unchanged = await app.request('PATCH', `/api/v1/mcps/${made.id}`, { body: wrong })
    await app.call(deleteMcp, { params: { id: made.id } })
    for (const answer of [refused, unchanged]) {
      expect([answer.status, answer.error.field]).toEqual([400, field])
      expect(answer.text).not.toContain(value)
    }
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
    expect((await assignmentOf(all.id)).assignment.mcpServers).toMatchObject([
      { name: 'tracker', headers: { Authorization: `Bearer ${value}-API_TOKEN` } }
    ])
    expect((await assignmentOf(none.id)).assignment.mcpServers).toEqual([])
    await app.call(changeMcp, { params: { id: made.id }, body: { headers: { Authorization: '{{secret:NOT_THERE}}' } } })
    const without = await assignmentOf(all.id)
    expect(without.assignment.mcpServers).toEqual([])
    const [first, second] = await eventsOf(app, without.run.id)
    expect(first).toMatchObject({ kind: 'user' })
    expect(second).toMatchObject({
      kind: 'system',
      message: expect.stringMatching(/without the MCP server tracker: it needs the secret NOT_THERE/),
      data: { subtype: 'mcp_left_out', server: 'tracker' }
    })
    await app.call(deleteMcp, { params: { id: made.id } })
  })
})

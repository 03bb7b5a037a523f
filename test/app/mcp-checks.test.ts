import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeMcp, createMcp, listMcps, testMcp } from '#contract/fleet/mcps'
import { setSecret } from '#contract/fleet/secrets'
import { answerMcpCheck, connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const marker = 'marker-secret-that-must-not-be-kept'
let app: App
let runner: RunnerClient

beforeAll(async () => {
  app = await startApp()
  runner = await connectRunner(app)
})
afterAll(() => app.close())

const add = (name: string, env: Record<string, string> = {}) =>
  app.call(createMcp, { body: { name, transport: 'stdio', command: 'x', env } })
const check = (id: string) => app.call(testMcp, { params: { id } })
const find = async (id: string) => (await app.call(listMcps)).data.find(mcp => mcp.id === id)

test('without a runner it is refused', async () => {
  const lonely = await startApp()
  const body = { name: 'lonely', transport: 'stdio', command: 'x' } as const
  const { id } = await lonely.call(createMcp, { body })
  await expect(lonely.call(testMcp, { params: { id } })).rejects.toThrow('RUNNER_OFFLINE')
  await lonely.close()
  await expect(check('nothing')).rejects.toThrow('NOT_FOUND')
})

test('a runner is told the server with its secrets in place, and what it found is its status', async () => {
  await app.call(setSecret, { body: { key: 'GITHUB_TOKEN', value: marker } })
  const { id } = await add('github', { TOKEN: '{{secret:GITHUB_TOKEN}}' })
  const tools = [{ name: 'search', description: 'Finds' }]
  const [told, result] = await Promise.all([answerMcpCheck(app, runner, { ok: true, tools }), check(id)])
  expect(told).toMatchObject({ name: 'github', command: 'x', env: { TOKEN: marker } })
  expect(result).toMatchObject({ id, status: 'ok', detail: null, tools, checkedAt: expect.any(String) })
  expect(await find(id)).toMatchObject({ status: 'ok', checkedAt: result.checkedAt })
  const theirs = await app.request('GET', '/fleetrun/api/mcps')
  expect(theirs.body).toContainEqual(expect.objectContaining({ name: 'github', status: 'ok' }))
  expect(JSON.stringify(result)).not.toContain(marker)
  for (const file of readdirSync(app.dataDir, { recursive: true, withFileTypes: true }))
    if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name)).includes(marker)).toBe(false)
})

test('one that does not answer has failed, and says why until it is changed', async () => {
  const { id } = await add('broken')
  const [, result] = await Promise.all([answerMcpCheck(app, runner, { ok: false, detail: 'it exited' }), check(id)])
  expect(result).toMatchObject({ status: 'failed', detail: 'it exited', tools: [] })
  await app.call(changeMcp, { params: { id }, body: { args: ['-y'] } })
  expect(await find(id)).toMatchObject({ status: 'unknown', detail: null })
})

test('one that lacks a secret has failed without being started', async () => {
  const { id } = await add('keyless', { TOKEN: '{{secret:NOT_THERE}}' })
  expect(await check(id)).toMatchObject({ status: 'failed', detail: expect.stringContaining('NOT_THERE') })
  expect((await runner.commands()).filter(command => command.type === 'ask')).toEqual([])
})

test('what was changed while it was checked stays unchecked', async () => {
  const { id } = await add('moving')
  const checking = check(id)
  const answering = (async () => {
    await expect.poll(async () => (await runner.commands()).some(command => command.type === 'ask')).toBe(true)
    await app.call(changeMcp, { params: { id }, body: { command: 'y' } })
    await answerMcpCheck(app, runner, { ok: true, tools: [] })
  })()
  expect((await checking).status).toBe('ok')
  await answering
  expect(await find(id)).toMatchObject({ command: 'y', status: 'unknown' })
})

test('nobody is told secrets for a check that nobody waits for any more', async () => {
  const { id } = await add('asked')
  const checks = async () => (await runner.commands()).filter(command => command.type === 'ask')
  const asked = check(id)
  await expect.poll(checks).toHaveLength(1)
  await answerMcpCheck(app, runner, { ok: true, tools: [] })
  expect((await asked).status).toBe('ok')
  expect(await checks()).toEqual([])
})

import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { createMcp, testMcp } from '#contract/fleet/mcps'
import { createKey, deleteKey, type Key } from '#contract/people/keys'
import { changeUser, deleteUser } from '#contract/people/users'
import { claimRuns, pollCommands } from '#contract/runners/runner-protocol'
import { getRunner } from '#contract/runners/runners'
import { cancelRun, getRun, launchRun, listRuns } from '#contract/runs/runs'
import { testClock } from '../kit/clock.ts'
import { join } from '../kit/people.ts'
import { connectRunner, nextQuestion, replyTo } from '../kit/runner-client.ts'
import { type App, type AppOptions, startApp } from '../kit/start-app.ts'

let app: App
afterEach(() => app.close())

type NewKey = Key & { key: string }

async function start(options: AppOptions = {}) {
  app = await startApp(options)
  const runner = await connectRunner(app)
  const { runnerId, incarnation } = runner
  const parked = (endpoint: typeof claimRuns | typeof pollCommands, token: string, more: object) =>
    app.request('POST', endpoint.path, { token, body: { runnerId, incarnation, waitSeconds: 60, ...more } })
  return {
    runner,
    claim: (token: string) => parked(claimRuns, token, { free: 1 }),
    commands: (token: string) => parked(pollCommands, token, { after: 0, active: [] })
  }
}

const key = (more: object = {}, token?: string): Promise<NewKey> =>
  app.call(createKey, { body: { name: 'far', scopes: ['runner', 'read', 'write'], ...more } }, token)
const revoke = ({ id }: NewKey) => app.call(deleteKey, { params: { id } })
const launch = () => app.call(launchRun, { body: { prompt: 'x' } })
/** A later request of the same client is answered: what came before waits. */
const settled = (runnerId: string) => app.call(getRunner, { params: { id: runnerId } })

describe('a call that waits', () => {
  test('for runs gets none any more once its key is revoked, at once', async () => {
    const { claim, runner } = await start()
    const far = await key()
    const waiting = claim(far.key)
    await settled(runner.runnerId)
    await revoke(far)
    expect((await waiting).error.code).toBe('UNAUTHORIZED')
    const run = await launch()
    expect((await app.call(getRun, { params: { id: run.id } })).status).toBe('QUEUED')
  })

  test('for runs gets none when its key has expired meanwhile', async () => {
    const clock = testClock()
    const { claim, runner } = await start({ clock })
    const far = await key({ expiresAt: new Date(clock.now() + 60_000).toISOString() })
    const waiting = claim(far.key)
    await settled(runner.runnerId)
    clock.advance(60_000)
    const run = await launch()
    expect((await waiting).error.code).toBe('UNAUTHORIZED')
    expect((await app.call(getRun, { params: { id: run.id } })).status).toBe('QUEUED')
  })

  test.each([
    ['revoked', (far: NewKey) => revoke(far)],
    ['removed with its person', (far: NewKey) => app.call(deleteUser, { params: { id: far.userId } })],
    ['lowered', (far: NewKey) => app.call(changeUser, { params: { id: far.userId }, body: { role: 'viewer' } })]
  ])('for commands hears none once its key is %s', async (_, end) => {
    const { commands, runner } = await start()
    const admin = await join(app, 'admin')
    const far = await key({}, admin.token)
    const waiting = commands(far.key)
    await settled(runner.runnerId)
    const run = await launch()
    await runner.claimOne()
    await end(far)
    await app.call(cancelRun, { params: { id: run.id } })
    expect(['UNAUTHORIZED', 'FORBIDDEN']).toContain((await waiting).error.code)
    expect(await runner.commands()).toMatchObject([{ type: 'cancel' }])
  })

  test('for the check of an MCP server does not hear what it found', async () => {
    const { runner } = await start()
    const admin = await join(app, 'admin')
    const mcp = await app.call(createMcp, { body: { name: 'docs', transport: 'stdio', command: 'docs' } })
    const path = testMcp.path.replace(':id', mcp.id)
    const waiting = app.request('POST', path, { token: admin.token, body: {} })
    const asked = await nextQuestion(runner)
    await app.call(deleteUser, { params: { id: admin.id } })
    const answer = { ok: true as const, tools: [{ name: 'secret tool', description: '' }] }
    await replyTo(app, runner, asked, { type: 'checkMcp', answer })
    expect((await waiting).error.code).toBe('UNAUTHORIZED')
  })
})

describe('a change that is under way', () => {
  /** Half of a launch is sent, `meanwhile` happens, then the rest comes. Resolves to the status of the answer. */
  async function launchInHalves(token: string, meanwhile: () => Promise<unknown>): Promise<number> {
    const body = JSON.stringify({ prompt: 'too late' })
    const answered = Promise.withResolvers<number>()
    const sending = httpRequest(`${app.url}${launchRun.path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': body.length }
    })
    sending.on('response', response => answered.resolve(response.resume().statusCode ?? 0))
    sending.on('error', answered.reject)
    sending.write(body.slice(0, 5))
    await new Promise<void>(resolve => sending.once('socket', socket => socket.once('connect', () => resolve())))
    await app.call(listRuns)
    await meanwhile()
    sending.end(body.slice(5))
    return await answered.promise
  }

  test('is none when its key is revoked before it is whole', async () => {
    await start()
    const far = await key()
    expect(await launchInHalves(far.key, () => revoke(far))).toBe(401)
    expect((await app.call(listRuns)).data).toEqual([])
  })

  test('is none when its person may only look by then', async () => {
    await start()
    const { id, token } = await join(app, 'admin')
    const lower = () => app.call(changeUser, { params: { id }, body: { role: 'viewer' } })
    expect(await launchInHalves(token, lower)).toBe(403)
    expect((await app.call(listRuns)).data).toEqual([])
  })
})

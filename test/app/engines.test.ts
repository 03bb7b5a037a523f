import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getEngine, listEngines, refreshEngines, testEngine } from '#contract/runners/engines'
import recorded from '../../server/containers/fixtures/podman-rootless.json' with { type: 'json' }
import { askEngine, type FakeEngine, fakeEngine, wayTo } from '../kit/engines/fake-engine.ts'
import { findTool, needs } from '../kit/needs.ts'
import { join as logIn } from '../kit/people.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'

const engine = async (app: App) => {
  const [first] = (await app.call(listEngines)).data
  if (!first) throw new Error('There is always one')
  return first
}
const state = (app: App) => async () => (await engine(app)).state

/** Changes of engines, in the order in which they are told. */
async function follow(app: App): Promise<{ states(): string[]; close(): void }> {
  const stop = new AbortController()
  const answer = await fetch(`${app.url}/api/v1/stream`, {
    headers: { authorization: `Bearer ${app.ownerToken}`, accept: 'text/event-stream' },
    signal: stop.signal
  })
  let text = ''
  void (async () => {
    for await (const chunk of answer.body ?? []) text += new TextDecoder().decode(chunk)
  })().catch(() => {})
  const lines = () => text.split('\n').filter(line => line.startsWith('data: ') && line.includes('"noun":"engine"'))
  return { states: () => lines().map(line => JSON.parse(line.slice(6)).data?.state), close: () => stop.abort() }
}

describe('an engine that comes and goes', () => {
  let app: App
  let folder: string
  let fake: FakeEngine

  beforeAll(async () => {
    folder = temporaryFolder()
    fake = fakeEngine(join(folder, 'engine.sock'), recorded)
    app = await startApp({ env: { DOCKER_HOST: fake.address } })
  })
  afterAll(async () => {
    await app?.close()
    await fake.unplug()
    rmSync(folder, { recursive: true, force: true })
  })

  test('while it is away it is listed with the way out, and what needs it is 503 and no 404', async () => {
    const away = await engine(app)
    expect(away).toMatchObject({ name: 'DOCKER_HOST', isDefault: true, state: 'unreachable', facts: null })
    expect(away.trouble).toMatchObject({ code: 'NOT_THERE', wayOut: expect.stringContaining('DOCKER_HOST') })
    expect(await app.call(getEngine, { params: { id: away.id } })).toMatchObject({ id: away.id })
    const { status, error } = await app.request('POST', `/api/v1/engines/${away.id}/test`)
    expect({ status, code: error.code, details: error.details }).toMatchObject({
      status: 503,
      code: 'ENGINE_UNAVAILABLE',
      details: { code: 'NOT_THERE' }
    })
    expect(error.message).toContain(away.trouble?.wayOut)
    expect((await app.request('POST', '/api/v1/engines/none/test')).status).toBe(404)
  })

  test('that it comes, is lost and comes back is told at once, and what it does not hold is said', async () => {
    const told = await follow(app)
    await fake.plug()
    await app.call(refreshEngines)
    const there = await engine(app)
    expect(there).toMatchObject({ state: 'connected', trouble: null, facts: { product: 'Podman', rootless: true } })
    expect(there.facts?.lacks.map(({ bound }) => bound)).toContain('memory')
    await fake.unplug()
    await expect.poll(state(app)).toBe('unreachable')
    expect(await engine(app)).toMatchObject({ id: there.id, trouble: { code: 'LOST' }, facts: { product: 'Podman' } })
    await fake.plug()
    await expect.poll(state(app)).toBe('connected')
    await expect.poll(told.states).toEqual(['connected', 'unreachable', 'connected'])
    told.close()
  })

  test('everybody may look; to try it again and to test it takes the right to', async () => {
    const { token } = await logIn(app, 'viewer')
    const { id } = await engine(app)
    const ask = (method: string, path: string) => app.request(method, path, { token })
    expect((await ask('GET', '/api/v1/engines')).status).toBe(200)
    expect((await ask('POST', '/api/v1/engines/refresh')).status).toBe(403)
    expect((await ask('POST', `/api/v1/engines/${id}/test`)).status).toBe(403)
  })
})

needs('engine')(
  'a real one is tried from its answer to a bounded container, leaves nothing, and is lost at once',
  async () => {
    const folder = temporaryFolder()
    const socket = join(folder, 'engine.sock')
    const way = await wayTo(findTool('engine') ?? '', socket)
    const app = await startApp({ env: { DOCKER_HOST: `unix://${socket}` } })
    try {
      await expect.poll(state(app), { timeout: 10_000 }).toBe('connected')
      const { id, facts } = await engine(app)
      expect(facts?.cpus).toBeGreaterThan(0)
      // Asked twice at once, it is tried once.
      const [tried, same] = await Promise.all([1, 2].map(() => app.call(testEngine, { params: { id } })))
      expect(tried?.steps.filter(({ outcome }) => outcome !== 'done')).toEqual([])
      expect(tried).toMatchObject({ ok: true, engineId: id })
      expect(same).toEqual(tried)
      const mark = `?all=1&filters=${encodeURIComponent('{"label":["dev.flotilla.engine-test"]}')}`
      expect(await askEngine(socket, `/containers/json${mark}`)).toEqual([])
      expect(await askEngine(socket, `/networks${mark}`)).toEqual([])
      expect(JSON.stringify(await askEngine(socket, '/images/json'))).not.toContain('flotilla-test-')
      way.cut()
      await expect.poll(state(app)).toBe('unreachable')
      expect((await engine(app)).trouble?.code).toBe('LOST')
      await way.mend()
      await app.call(refreshEngines)
      expect(await engine(app)).toMatchObject({ state: 'connected', trouble: null })
    } finally {
      await app.close()
      way.cut()
      rmSync(folder, { recursive: true, force: true })
    }
  },
  60_000
)

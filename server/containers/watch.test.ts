import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeEngine, fakeEngine } from '../../test/kit/engines/fake-engine.ts'
import { openDockerEngine } from './docker/docker-engine.ts'
import { EngineFault } from './fault.ts'
import { type Candidate, findEngines } from './finding.ts'
import docker from './fixtures/docker.json' with { type: 'json' }
import { EngineWatch, type Pace } from './watch.ts'

const quick: Pace = { answer: 20_000, describe: 20_000, beat: 100, firstRetry: 20, longestRetry: 100 }
/** A busy machine takes its time. */
const eventually = (read: () => unknown) => expect.poll(read, { timeout: 20_000 })
let folder: string
let fake: FakeEngine
let watch: EngineWatch
/** States in the order in which they were told. */
let told: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-watch-'))
  fake = fakeEngine(join(folder, 'engine.sock'), docker)
  told = []
})
afterEach(async () => {
  watch.stop()
  await fake.unplug()
  rmSync(folder, { recursive: true, force: true })
})

function candidateAt(host: string): Candidate {
  const paths = { home: folder, configDir: folder, certDir: folder }
  const [first] = findEngines({ ...paths, platform: 'linux', host, runtimeDir: null, context: null, tls: false })
  if (!first) throw new Error('there is always one')
  return first
}

function start(absent: boolean, { host = fake.address, pace = quick } = {}): void {
  const candidate = candidateAt(host)
  const tell = () => void told.push(watch.now().trouble?.code ?? watch.now().state)
  watch = new EngineWatch(
    candidate,
    { open: async at => openDockerEngine(at), platform: 'linux', pace, changed: tell },
    absent
  )
  watch.start()
}

const state = () => watch.now().state

test('it is found, lost at once, and found again, each told once', async () => {
  await fake.plug()
  start(false)
  expect(watch.now()).toMatchObject({ state: 'connecting', facts: null, trouble: null, lastSeenAt: null })
  await eventually(state).toBe('connected')
  expect(watch.now()).toMatchObject({ facts: { product: 'Docker Engine' }, nextTryAt: null })
  expect(watch.now().answerMs).toBeGreaterThan(0)
  await fake.unplug()
  await eventually(state).toBe('unreachable')
  const lost = watch.now()
  expect(lost).toMatchObject({ answerMs: null, facts: { version: '20.10.24+dfsg1' } })
  expect(lost.lastSeenAt).not.toBeNull()
  await fake.plug()
  await eventually(state).toBe('connected')
  expect(told).toEqual(['connected', 'LOST', 'connected'])
})

test('one that is not there is no news, is tried again ever more seldom, and at once when asked', async () => {
  start(true)
  await eventually(() => watch.now().nextTryAt).not.toBeNull()
  expect(watch.now()).toMatchObject({ state: 'unreachable', trouble: { code: 'NOT_THERE' } })
  await watch.tryNow()
  expect(told).toEqual([])
  await fake.plug()
  await eventually(state).toBe('connected')
  expect(told).toEqual(['connected'])
})

test('a stream of events that ends by itself is opened again, and nothing is told', async () => {
  await fake.plug()
  start(false)
  await eventually(() => fake.listened()).toBe(1)
  fake.endEvents()
  await eventually(() => fake.listened()).toBe(2)
  expect(told).toEqual(['connected'])
})

test('one that falls silent is lost after its time, and its callers are not kept', async () => {
  await fake.plug()
  start(false, { pace: { ...quick, answer: 400 } })
  await eventually(state).toBe('connected')
  fake.silent = true
  fake.endEvents()
  await eventually(state).toBe('unreachable')
  expect(watch.now().trouble?.code).toBe('LOST')
  await watch.tryNow()
  fake.silent = false
  await eventually(state).toBe('connected')
})

test('another program at its address is told as such', async () => {
  fake.stranger = true
  await fake.plug()
  start(false)
  await eventually(state).toBe('unreachable')
  expect(watch.now().trouble).toMatchObject({ code: 'NOT_AN_ENGINE', message: expect.stringContaining(fake.address) })
})

test('an address that cannot be used is never tried', async () => {
  start(false, { host: 'ssh://me@box' })
  expect(candidateAt('ssh://me@box').at).toBeInstanceOf(EngineFault)
  await watch.tryNow()
  expect(watch.now()).toMatchObject({ state: 'unreachable', nextTryAt: null, trouble: { code: 'NOT_SUPPORTED' } })
})

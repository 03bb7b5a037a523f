import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listAudit } from '#contract/audit/audit'
import * as data from '#contract/data'
import { createAgent, executeAgent } from '#contract/fleet/agents'
import { fetchRunImage } from '#contract/runners/images'
import type { Assignment } from '#contract/runners/runner-protocol'
import { maxImageBytes } from '#contract/runs/image-content'
import type { PromptImage, RunImage } from '#contract/runs/images'
import * as runs from '#contract/runs/runs'
import { testClock } from '../kit/clock.ts'
import { eventsOf } from '../kit/events.ts'
import { png, sent } from '../kit/images.ts'
import { join } from '../kit/people.ts'
import { connectRunner, type RunnerClient, report } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const { capabilities } = report('claude-code')
/** As an older runner reports a runtime. */
const older = report('claude-code', { capabilities: { ...capabilities, images: false } })
const small = png({ shade: 1 })
const other = png({ shade: 2 })

const clock = testClock()
let app: App
let runner: RunnerClient

beforeEach(async () => {
  app = await startApp({ clock })
  runner = await connectRunner(app)
})
afterEach(() => app.close())

const launch = (images: PromptImage[], more: Record<string, unknown> = {}, token?: string) =>
  app.call(runs.launchRun, { body: { prompt: 'what is this?', images, ...more } }, token)

async function ended(images: PromptImage[]): Promise<runs.Run> {
  const run = await launch(images)
  const assignment = await runner.take(run.id)
  await runner.send(assignment, { type: 'started' }, { type: 'facts', facts: { sessionId: `s-${run.id}` } })
  await runner.finish(assignment, 'SUCCEEDED', { result: 'a square' })
  return run
}

async function running(): Promise<Assignment> {
  const { id } = await app.call(runs.launchRun, { body: { prompt: 'x' } })
  const assignment = await runner.take(id)
  await runner.send(assignment, { type: 'started' })
  return assignment
}

const held = async () => (await app.call(data.getData)).images.count
const addressOf = (runId: string, id: string) => `/api/v1/runs/${runId}/images/${id}`
const read = (runId: string, image: RunImage | undefined, options = {}) =>
  app.request('GET', addressOf(runId, image?.id ?? ''), options)
const fetchAs = (who: RunnerClient, { runId, attempt }: Pick<Assignment, 'runId' | 'attempt'>, image = '') =>
  app.call(fetchRunImage, {
    params: { id: runId, image },
    body: { runnerId: who.runnerId, incarnation: who.incarnation, attempt }
  })

describe('images of a prompt', () => {
  test('are told of with the run and in its first event, and their content reaches whoever executes it', async () => {
    const run = await launch([sent(small, { name: 'square.png' }), sent(other)])
    expect(run.images).toMatchObject([
      { mediaType: 'image/png', name: 'square.png', bytes: small.length, width: 8, height: 6 },
      { mediaType: 'image/png', name: null, bytes: other.length }
    ])
    const [first] = await eventsOf(app, run.id)
    expect(first).toMatchObject({ kind: 'user', message: 'what is this?', data: { images: run.images } })
    const assignment = await runner.take(run.id)
    expect(assignment.images).toEqual(run.images)
    const fetched = await Promise.all(run.images.map(({ id }) => fetchAs(runner, assignment, id)))
    expect(fetched.map(image => image.data)).toEqual([small, other].map(content => content.toString('base64')))
  })

  test('are given to nobody who does not execute it', async () => {
    const run = await launch([sent(small)])
    const another = await connectRunner(app, { name: 'another' })
    const assignment = await runner.take(run.id)
    const id = run.images[0]?.id
    await expect(fetchAs(another, assignment, id)).rejects.toThrow('NOT_HELD')
    await expect(fetchAs(runner, { ...assignment, attempt: 2 }, id)).rejects.toThrow('NOT_HELD')
    await expect(fetchAs(runner, assignment, '0'.repeat(64))).rejects.toThrow('NOT_FOUND')
  })

  test('lie once, however often they come, and in no event or audit entry', async () => {
    const { id: agentId } = await app.call(createAgent, { body: { name: 'Looker', runtime: 'claude-code' } })
    const executed = await app.call(executeAgent, {
      params: { id: agentId },
      body: { prompt: 'again', images: [sent(small), sent(small)] }
    })
    await launch([sent(small)])
    expect(executed.images).toHaveLength(2)
    expect(await held()).toBe(1)
    const { data: entries } = await app.call(listAudit, { query: { limit: 100 } })
    expect(entries.find(entry => entry.target.id === executed.id)?.after).toMatchObject({ images: 2 })
    expect(JSON.stringify([await eventsOf(app, executed.id), entries])).not.toContain(
      small.toString('base64').slice(0, 60)
    )
  })

  test('are sent twice under one key and launch one run', async () => {
    const headers = { 'idempotency-key': 'once' }
    const body = { prompt: 'x', images: [sent(small)] }
    const answers = [1, 2].map(() => app.request('POST', '/api/v1/runs', { body, headers }))
    const [one, two] = (await Promise.all(answers)).map(({ body }) => (body as runs.Run).id)
    expect(one).toBe(two)
  })
})

describe('what is no image that could be sent along', () => {
  const tooMany = Array.from({ length: 9 }, () => sent(small))
  const large = png({ bytes: maxImageBytes - 10_000 })
  test.each<[string, unknown, string, RegExp]>([
    ['another kind of file', [{ mediaType: 'image/png', data: 'PHN2Zy8+' }], 'images.0.data', /PNG, JPEG, GIF or WebP/],
    ['one of another name', [sent(small, { mediaType: 'image/gif' })], 'images.0.mediaType', /content is image\/png/],
    ['a type that is not taken', [{ ...sent(small), mediaType: 'image/svg+xml' }], 'images.0.mediaType', /one of/],
    ['no base64', [sent(small), { mediaType: 'image/png', data: 'no base64!' }], 'images.1.data', /base64/],
    ['nothing', [{ mediaType: 'image/png', data: '' }], 'images.0.data', /empty/],
    ['too large a one', [sent(png({ bytes: maxImageBytes }))], 'images.0.data', /3\.76 MB.*3\.75 MB/],
    ['too long a one', [sent(png({ width: 8001, height: 1 }))], 'images.0.data', /8001 × 1/],
    ['too many', tooMany, 'images', /8/],
    ['too large ones together', [sent(large), sent(large)], 'images', /7\.\d+ MB.*6 MB/]
  ])('%s: is refused in words that name it, and nothing is kept', async (_, images, field, words) => {
    const answer = await app.request('POST', '/api/v1/runs', { body: { prompt: 'x', images } })
    expect([answer.status, answer.error.code, answer.error.field]).toEqual([400, 'INVALID_REQUEST', field])
    expect(answer.error.message).toMatch(words)
    expect([await held(), (await app.call(runs.listRuns)).data]).toEqual([0, []])
  })

  test('as much as may be sent gets through', async () => {
    const each = png({ bytes: 2_900_000 })
    const run = await launch([sent(each), sent(png({ bytes: 2_900_000, shade: 3 }))])
    expect((await read(run.id, run.images[1])).status).toBe(200)
    const body = { prompt: 'x', images: [sent(large), sent(large), sent(large)] }
    expect((await app.request('POST', '/api/v1/runs', { body })).error.code).toBe('TOO_LARGE')
  })
})

describe('an image is looked at', () => {
  test('by its content, kept by browsers, and nothing in it runs', async () => {
    const { id, images } = await launch([sent(small)])
    const [image] = images
    const answer = await fetch(app.url + addressOf(id, image?.id ?? ''), {
      headers: { authorization: `Bearer ${app.ownerToken}` }
    })
    expect(Buffer.from(await answer.arrayBuffer()).equals(small)).toBe(true)
    const headers = (name: string) => answer.headers.get(name) ?? ''
    expect(headers('content-type')).toBe('image/png')
    expect(headers('x-content-type-options')).toBe('nosniff')
    expect(headers('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(headers('cache-control')).toMatch(/^private, .*immutable/)
    expect(headers('vary')).toContain('Cookie')
    const known = await read(id, image, { headers: { 'if-none-match': headers('etag') } })
    expect([known.status, known.text]).toEqual([304, ''])
    const head = await app.request('HEAD', addressOf(id, image?.id ?? ''))
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(small.length)])
  })

  test('by whoever may see its run, and as part of no other run', async () => {
    const [ada, eve, admin] = await Promise.all([join(app, 'member'), join(app, 'member'), join(app, 'admin')])
    const hers = await launch([sent(small)], {}, ada.token)
    const his = await launch([sent(other)], {}, eve.token)
    const [image] = hers.images
    const statuses = [ada, admin, eve].map(async ({ token }) => (await read(hers.id, image, { token })).status)
    expect(await Promise.all(statuses)).toEqual([200, 200, 404])
    expect((await read(his.id, image, { token: eve.token })).status).toBe(404)
    expect((await read(hers.id, image, { token: null })).status).toBe(401)
    expect((await app.request('GET', addressOf(hers.id, '../../keys'))).status).toBe(404)
    expect((await app.request('GET', addressOf(hers.id, 'no-hash'))).status).toBe(400)
  })
})

describe('images of an input', () => {
  const add = (id: string, text: string, images: PromptImage[]) =>
    app.call(runs.addInput, { params: { id }, body: { text, images } })

  test('come with it when the turn ends, also when that is told twice', async () => {
    const assignment = await running()
    const { images } = await add(assignment.runId, 'look at this', [sent(small)])
    expect(images).toMatchObject([{ bytes: small.length }])
    const answer = await runner.send(assignment, { type: 'turn' })
    expect(answer).toMatchObject({ next: 'look at this', nextImages: images })
    runner.countFrom(assignment.runId, 1)
    expect(await runner.send(assignment, { type: 'turn' })).toEqual(answer)
    expect((await fetchAs(runner, assignment, images[0]?.id)).data).toBe(small.toString('base64'))
    const said = (await eventsOf(app, assignment.runId)).filter(event => event.kind === 'user').at(-1)
    expect(said).toMatchObject({ message: 'look at this', data: { queued: true, images } })
  })

  test('go when it is taken back, unless something else of the run has them', async () => {
    const { runId } = await running()
    const one = await add(runId, 'one', [sent(small)])
    const two = await add(runId, 'two', [sent(small), sent(other)])
    await app.call(runs.deleteInput, { params: { id: runId, n: two.n } })
    expect([await held(), (await read(runId, two.images[1])).status]).toEqual([1, 404])
    await app.call(runs.changeInput, { params: { id: runId, n: one.n }, body: { text: 'other words' } })
    expect((await app.call(runs.listInputs, { params: { id: runId } })).data).toMatchObject([
      { text: 'other words', images: one.images }
    ])
  })

  test('that nobody read are still there after the end', async () => {
    const assignment = await running()
    const { images } = await add(assignment.runId, 'too late', [sent(small)])
    await runner.finish(assignment, 'FAILED', { error: { code: 'X', message: 'x' } })
    const { data: dropped } = await app.call(runs.listInputs, { params: { id: assignment.runId } })
    expect(dropped).toMatchObject([{ status: 'dropped', images }])
    expect((await read(assignment.runId, images[0])).status).toBe(200)
  })
})

describe('images stay as long as a run has them', () => {
  test('a retry has those of the first run, also when that is deleted', async () => {
    const first = await ended([sent(small)])
    const retry = await app.call(runs.retryRun, { params: { id: first.id } })
    expect(retry.images).toEqual(first.images)
    await app.call(runs.deleteRun, { params: { id: first.id } })
    const assignment = await runner.take(retry.id)
    expect((await fetchAs(runner, assignment, retry.images[0]?.id)).data).toBe(small.toString('base64'))
    await runner.finish(assignment, 'SUCCEEDED')
    await app.call(runs.deleteRun, { params: { id: retry.id } })
    expect(await held()).toBe(0)
  })

  test('a follow-up and a fork have their own', async () => {
    const { id } = await ended([sent(small)])
    const body = { prompt: 'and this?', images: [sent(other)] }
    const fork = await app.call(runs.forkRun, { params: { id }, body })
    const child = await app.call(runs.followUpRun, { params: { id }, body })
    expect([fork.images, child.images]).toMatchObject([[{ bytes: other.length }], [{ bytes: other.length }]])
  })

  test('they go with what is old, and stay where only events go', async () => {
    const { id, images } = await ended([sent(small)])
    clock.advance(3 * 86_400_000)
    await app.call(data.changeRetention, { body: { eventDays: 1 } })
    await expect.poll(async () => (await eventsOf(app, id)).length).toBe(0)
    expect((await read(id, images[0])).status).toBe(200)
    await app.call(data.changeRetention, { body: { runDays: 1 } })
    await expect.poll(held).toBe(0)
  })

  test('they are in a backup, and in what is weighed', async () => {
    const before = await app.call(data.getData)
    const { id, images } = await ended([sent(png({ bytes: 500_000 }))])
    const { images: weight } = await app.call(data.getData)
    expect(weight.bytes - before.images.bytes).toBeGreaterThanOrEqual(490_000)
    const { name } = await app.call(data.makeBackup)
    await app.call(runs.deleteRun, { params: { id } })
    await app.call(data.restoreBackup, { body: { name } })
    await app.restart()
    expect((await read(id, images[0])).status).toBe(200)
  })
})

describe('where nobody would see them', () => {
  const refusal = async (body: Record<string, unknown>, path = '/api/v1/runs') => {
    const { status, error } = await app.request('POST', path, { body: { prompt: 'x', images: [sent(small)], ...body } })
    return [status, error.code, error.field, error.message] as const
  }

  test('a program that prints lines takes none', async () => {
    const command = { program: 'cat', output: 'lines' }
    expect(await refusal({ runtime: 'command', command })).toEqual([
      409,
      'NOT_SUPPORTED',
      'images',
      expect.stringContaining('Command takes images only from a program with the output `events`')
    ])
    const events = await app.request('POST', '/api/v1/runs', {
      body: { prompt: 'x', images: [sent(small)], runtime: 'command', command: { program: 'cat', output: 'events' } }
    })
    expect(events.status).toBe(201)
  })

  test('an older runner refuses by its version: a launch, a follow-up and an input', async () => {
    await runner.leave()
    const old = await connectRunner(app, { name: 'old one', runtimes: [older] })
    const words = expect.stringContaining('The runner old one is of a version that hands no images to Claude Code')
    expect(await refusal({})).toEqual([409, 'NOT_SUPPORTED', 'images', words])
    const { id } = await app.call(runs.launchRun, { body: { prompt: 'x' } })
    const assignment = await old.take(id)
    await old.send(assignment, { type: 'started' }, { type: 'facts', facts: { sessionId: 's' } })
    const input = await app.request('POST', `/api/v1/runs/${id}/input`, { body: { text: 'x', images: [sent(small)] } })
    expect([input.error.code, input.error.field]).toEqual(['NOT_SUPPORTED', 'images'])
    await old.finish(assignment, 'SUCCEEDED')
    expect(await refusal({}, `/api/v1/runs/${id}/followup`)).toEqual([409, 'NOT_SUPPORTED', 'images', words])
    expect(await held()).toBe(0)
  })

  test('a queued run waits for a runner that hands them over, and says so', async () => {
    const run = await launch([sent(small)])
    await runner.leave()
    const old = await connectRunner(app, { runtimes: [older] })
    expect(await old.claim(5)).toEqual([])
    const waiting = await app.call(runs.getRun, { params: { id: run.id } })
    expect(waiting.statusReason).toBe('No connected runner hands images to claude-code')
    const able = await connectRunner(app)
    expect((await able.take(run.id)).images).toEqual(run.images)
  })

  test('one that must run where they are not handed over ends with the reason', async () => {
    const run = await launch([sent(small)], { runnerId: runner.runnerId })
    const identity = crypto.randomUUID()
    const mine = await connectRunner(app, { identity })
    const pinned = await launch([sent(small)], { runnerId: mine.runnerId })
    const back = await connectRunner(app, { identity, name: 'put back', runtimes: [older] })
    expect(await back.claim(5)).toEqual([])
    expect(await app.call(runs.getRun, { params: { id: pinned.id } })).toMatchObject({
      status: 'FAILED',
      error: { code: 'IMAGES_NOT_TAKEN', message: expect.stringContaining('put back') }
    })
    expect((await runner.take(run.id)).runId).toBe(run.id)
  })

  test('an input from before it was known who would run it says that they were left out', async () => {
    await runner.leave()
    const { id } = await app.call(runs.launchRun, { body: { prompt: 'x', runtime: 'claude-code' } })
    await app.call(runs.addInput, { params: { id }, body: { text: 'look', images: [sent(small)] } })
    const old = await connectRunner(app, { runtimes: [older] })
    const assignment = await old.take(id)
    await old.send(assignment, { type: 'started' })
    await old.send(assignment, { type: 'turn' })
    const last = (await eventsOf(app, id)).at(-1)
    expect(last).toMatchObject({ kind: 'system', data: { subtype: 'images_left_out' } })
  })
})

import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { listAudit } from '#contract/audit/audit'
import { createAgent, executeAgent } from '#contract/fleet/agents'
import { listRunners } from '#contract/runners/runners'
import { launchRun } from '#contract/runs/runs'
import { type Frame, readStream, untilStatus } from '../kit/events.ts'
import { type Headless, startHeadless } from '../kit/headless.ts'
import { duty, noun } from '../kit/toys/toy-noun.ts'
import { toy as place } from '../kit/toys/toy-place.ts'
import * as toys from '../kit/toys/toy-program.ts'
import { toy as runtime } from '../kit/toys/toy-runtime.ts'

const built = ['server', 'server-start', 'upkeep', 'reader', 'search', 'passwords', 'runner']

let program: string
let fleet: Headless

beforeAll(async () => {
  program = toys.buildToyProgram([toys.place, toys.runtime, noun, duty], built)
  fleet = await startHeadless({ program })
  const ids = async () => expect(await placesOfRuntime()).toEqual(['host', 'toy'])
  await vi.waitFor(ids, { timeout: 45_000 })
}, 180_000)
afterAll(async () => {
  await fleet.app.close()
  rmSync(dirname(program), { recursive: true, force: true })
})

async function placesOfRuntime(): Promise<string[]> {
  const runner = (await fleet.app.call(listRunners)).data[0]
  return runner?.runtimes.filter(({ id }) => id === runtime.id).map(({ place }) => place) ?? []
}

const launch = (body: object) =>
  fleet.app.call(launchRun, { body: { runtime: runtime.id, prompt: 'notes.txt', ...body } })
const ended = (run: { id: string }) => untilStatus(fleet.app, run.id, 'SUCCEEDED', 'FAILED')

test('a place and a runtime that were added by a folder and a line each are offered, and a run uses both', async () => {
  expect((await fleet.app.call(listRunners)).data[0]?.places).toEqual(['host', 'toy'])
  const run = await ended(await launch({ place: place.id }))
  expect(run).toMatchObject({ place: 'toy', status: 'SUCCEEDED', result: 'found at the toy place' })
  expect(run.cwd).toContain('/toy/')
  // Its meter says that it does not know its price.
  expect(run).toMatchObject({ costEstimated: true, usage: { inputTokens: 1000 } })
  expect(run.costUsd).toBeLessThan(1)
})

test('a run without a wish goes where it always went, and where an agent says that it runs', async () => {
  expect(await ended(await launch({}))).toMatchObject({ place: 'host', result: 'There is no file notes.txt' })
  const agent = await fleet.app.call(createAgent, { body: { name: 'Toy', runtime: 'toy', place: 'toy' } })
  const run = await fleet.app.call(executeAgent, { params: { id: agent.id }, body: { prompt: 'notes.txt' } })
  expect(await ended(run)).toMatchObject({ place: 'toy', result: 'found at the toy place' })
})

test.each(['the moon', 'Host'])('a place %s that there is not is refused with those that there are', async wish => {
  for (const path of ['/api/v1/runs', '/api/v1/agents']) {
    const body = { name: 'Nobody', prompt: 'x', runtime: runtime.id, place: wish }
    const { error } = await fleet.app.request('POST', path, { body })
    expect(error).toMatchObject({
      code: 'INVALID_REQUEST',
      field: 'place',
      message: expect.stringContaining('host, toy')
    })
  }
})

test.each(['../secret.txt', '/etc/hostname'])('what an agent asks of its place stays in its folder: %s', async path => {
  expect(await ended(await launch({ prompt: path }))).toMatchObject({ result: expect.stringContaining('outside') })
})

describe('a noun that was added by a file and a line in each layer', () => {
  const path = '/api/v1/toys'

  interface Heard {
    noun: string
    op: string
    id: string
    data: { title: string; moves: boolean } | null
  }

  /** Changes of toys since there were any, up to the given number. */
  async function changes(count: number): Promise<Heard[]> {
    const parse = (frames: Frame[]) =>
      frames.map(frame => JSON.parse(frame.data) as Heard).filter(change => change.noun === 'toy')
    return parse(await readStream(fleet.app, '/api/v1/stream?after=0', frames => parse(frames).length >= count))
  }

  test('is served, described and told to who listens; a duty of it is performed, and both are in the audit', async () => {
    const refused = await fleet.app.request('POST', path, { body: { title: '' } })
    expect([refused.status, refused.error.field]).toEqual([400, 'title'])
    const made = await fleet.app.request('POST', path, { body: { title: 'Tin soldier' } })
    expect([made.status, made.body]).toMatchObject([201, { title: 'Tin soldier', moves: true }])
    const { id } = made.body as { id: string }
    const told = await changes(2)
    expect(told).toMatchObject([
      { op: 'created', id, data: { title: 'Tin soldier' } },
      { op: 'changed', id, data: { title: 'Tin soldier', moves: false } }
    ])
    expect((await fleet.app.request('GET', path)).body).toMatchObject({ data: [{ id, moves: false }] })
    const { data } = await fleet.app.call(listAudit, { query: { type: 'toy' } })
    expect(data.map(({ action, actor }) => [action, actor.kind])).toEqual([
      ['toy.changed', 'scheduler'],
      ['toy.created', 'owner']
    ])
  })

  test('has its place in the document', async () => {
    const { body } = await fleet.app.request('GET', '/openapi.json', { token: null })
    expect(await new Validator().validate(body as Record<string, unknown>)).toEqual({ valid: true })
    expect(body).toMatchObject({
      tags: expect.arrayContaining([{ name: 'toys', description: 'What is played with' }]),
      paths: { [path]: { get: { operationId: 'listToys' }, post: { operationId: 'createToy' } } },
      components: { schemas: { Toy: {} } }
    })
  })
})

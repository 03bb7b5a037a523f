import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listRunChanges } from '#contract/runs/changed-files'
import {
  cancelRun,
  changeRun,
  followUpRun,
  forkRun,
  getRun,
  launchRun,
  listRuns,
  type Run,
  retryRun
} from '#contract/runs/runs'
import { hitLimit, searchRunEvents } from '#contract/runs/search'
import { eventsOf } from '../kit/events.ts'
import { connectRunner, type Draft, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
let runner: RunnerClient

beforeAll(async () => {
  app = await startApp()
  runner = await connectRunner(app)
})
afterAll(() => app.close())

const launch = (body: Record<string, unknown> = {}) =>
  app.call(launchRun, { body: { prompt: 'fix it', cwd: '/work-here/api', ...body } })
const read = (id: string) => app.call(getRun, { params: { id } })

/** Launches, claims and starts a run, and gives it a session. */
async function running(body: Record<string, unknown> = {}) {
  const run = await launch(body)
  const assignment = await runner.take(run.id)
  await runner.send(assignment, { type: 'started' }, { type: 'facts', facts: { sessionId: `session-${run.number}` } })
  return { run, assignment }
}

async function ended(body: Record<string, unknown> = {}): Promise<Run> {
  const { run, assignment } = await running(body)
  await runner.finish(assignment, 'SUCCEEDED', { result: 'done it' })
  return await read(run.id)
}

describe('the life of a run', () => {
  test('launched it is queued for a runner, its prompt is event 1, and the answer is the run', async () => {
    const run = await launch({ permissionMode: 'acceptEdits', model: 'opus', timeoutSeconds: 60 })
    expect(run).toMatchObject({
      status: 'QUEUED',
      input: 'fix it',
      cwd: '/work-here/api',
      permissionMode: 'acceptEdits',
      model: 'opus',
      runtime: 'claude-code',
      runnerId: null,
      rootRunId: run.id,
      trigger: 'manual',
      timeoutSeconds: 60,
      lastSeq: 1
    })
    expect(await eventsOf(app, run.id)).toMatchObject([{ seq: 1, kind: 'user', message: 'fix it' }])
    expect(await runner.take(run.id)).toMatchObject({ attempt: 1, prompt: 'fix it', model: 'opus', resume: null })
    expect((await read(run.id)).status).toBe('CLAIMED')
  })

  test('it runs, tells what it did, and ends with its result, its cost and its last event', async () => {
    const { run, assignment } = await running()
    await runner.send(
      assignment,
      { type: 'event', kind: 'assistant', message: 'On it', data: {} },
      { type: 'facts', facts: { model: 'opus', costUsd: 0.25, contextUsed: 10, contextMax: 200, usage: usage(5) } }
    )
    expect(await read(run.id)).toMatchObject({
      status: 'RUNNING',
      model: 'opus',
      costUsd: 0.25,
      sessionId: expect.any(String)
    })
    await runner.finish(assignment, 'SUCCEEDED', { result: 'all good' })
    const done = await read(run.id)
    expect(done).toMatchObject({
      status: 'SUCCEEDED',
      result: 'all good',
      error: null,
      usage: usage(5),
      contextUsed: 10
    })
    expect(done.durationMs).toBeGreaterThanOrEqual(0)
    const events = await eventsOf(app, run.id)
    expect(events.map(event => event.seq)).toEqual([1, 2, 3])
    expect(events.at(-1)).toMatchObject({
      kind: 'result',
      message: 'Done',
      data: { costUsd: 0.25, status: 'SUCCEEDED' }
    })
  })

  test('a failure says what went wrong, in the run and as its last event', async () => {
    const { run, assignment } = await running()
    const error = { code: 'RATE_LIMITED', message: 'The model answered 429 ten times' }
    await runner.finish(assignment, 'FAILED', { error })
    expect(await read(run.id)).toMatchObject({ status: 'FAILED', error, statusReason: error.message })
    expect((await eventsOf(app, run.id)).at(-1)).toMatchObject({ kind: 'error', data: { code: 'RATE_LIMITED' } })
  })

  test('after its end nothing more of it is taken', async () => {
    const { run, assignment } = await running()
    await runner.finish(assignment, 'SUCCEEDED')
    const late = runner.send(assignment, { type: 'event', kind: 'assistant', message: 'late', data: {} })
    await expect(late).rejects.toThrow('NOT_HELD')
    expect((await eventsOf(app, run.id)).some(event => event.message === 'late')).toBe(false)
  })
})

test('the files that a run edited are summed up, in the order of their first edit', async () => {
  const { run, assignment } = await running()
  const edit = (path: string, created: boolean, lines: string[], isError = false) => ({
    type: 'event' as const,
    kind: 'tool_result' as const,
    message: 'ok',
    data: {
      toolUseId: 't',
      isError,
      text: 'ok',
      diff: { path, created, hunks: [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines }] }
    }
  })
  await runner.send(
    assignment,
    edit('/work-here/b.ts', true, ['+one', '+two']),
    edit('/work-here/a.ts', false, [' same', '-old', '+new']),
    edit('/work-here/b.ts', false, ['-two', '+three']),
    edit('/work-here/c.ts', false, ['+never'], true)
  )
  expect((await app.call(listRunChanges, { params: { id: run.id } })).data).toEqual([
    expect.objectContaining({ path: '/work-here/b.ts', status: 'added', added: 3, removed: 1, edits: 2, lastSeq: 4 }),
    expect.objectContaining({ path: '/work-here/a.ts', status: 'modified', added: 1, removed: 1, edits: 1, lastSeq: 3 })
  ])
  await runner.finish(assignment, 'SUCCEEDED')
})

describe('follow-up, fork, retry', () => {
  test('a follow-up continues the session of its parent, where and how the parent ran', async () => {
    const parent = await ended({ permissionMode: 'plan', model: 'haiku' })
    const child = await app.call(followUpRun, { params: { id: parent.id }, body: { prompt: 'and a test' } })
    expect(child).toMatchObject({
      status: 'QUEUED',
      parentRunId: parent.id,
      rootRunId: parent.id,
      input: 'and a test',
      cwd: parent.cwd,
      permissionMode: 'plan',
      model: 'haiku',
      runnerId: parent.runnerId,
      trigger: 'followup'
    })
    expect((await runner.take(child.id)).resume).toMatchObject({
      sessionId: parent.sessionId,
      fork: false,
      cwd: parent.cwd
    })
    const again = app.call(followUpRun, { params: { id: parent.id }, body: { prompt: 'me too' } })
    await expect(again).rejects.toThrow('RUN_NOT_ENDED')
  })

  test('a run that goes on, or never got a session, cannot be followed up', async () => {
    const { run, assignment } = await running()
    await expect(app.call(followUpRun, { params: { id: run.id }, body: { prompt: 'x' } })).rejects.toThrow(
      'RUN_NOT_ENDED'
    )
    await runner.finish(assignment, 'SUCCEEDED')
    const bare = await launch()
    await app.call(cancelRun, { params: { id: bare.id } })
    const followed = app.call(followUpRun, { params: { id: bare.id }, body: { prompt: 'x' } })
    await expect(followed).rejects.toThrow('RUN_NOT_RESUMABLE')
  })

  test('a fork leaves the session of its parent alone', async () => {
    const parent = await ended()
    const fork = await app.call(forkRun, { params: { id: parent.id }, body: { prompt: 'other way' } })
    expect(fork).toMatchObject({ fork: true, trigger: 'fork', parentRunId: parent.id })
    expect((await runner.take(fork.id)).resume).toMatchObject({
      sessionId: parent.sessionId,
      fork: true,
      cwd: parent.cwd
    })
  })

  test('a retry launches the same prompt again', async () => {
    const first = await ended()
    const again = await app.call(retryRun, { params: { id: first.id } })
    expect(again).toMatchObject({ input: first.input, trigger: 'retry', parentRunId: null, status: 'QUEUED' })
    expect(again.id).not.toBe(first.id)
    expect(again.rootRunId).toBe(again.id)
  })
})

describe('cancel', () => {
  test('a queued run is cancelled at once and never claimed', async () => {
    const run = await launch()
    expect(await app.call(cancelRun, { params: { id: run.id } })).toMatchObject({ status: 'CANCELLED' })
    expect((await runner.claim(100)).map(({ runId }) => runId)).not.toContain(run.id)
  })

  test('a live run is asked to stop, then told to; the runner says when it has', async () => {
    const { run, assignment } = await running()
    expect(await app.call(cancelRun, { params: { id: run.id } })).toMatchObject({
      status: 'RUNNING',
      stopping: 'asked'
    })
    expect(await app.call(cancelRun, { params: { id: run.id }, body: { now: true } })).toMatchObject({
      stopping: 'now'
    })
    const commands = (await runner.commands({ active: [assignment] })).filter(
      command => 'runId' in command && command.runId === run.id
    )
    expect(commands).toMatchObject([
      { type: 'cancel', now: false },
      { type: 'cancel', now: true }
    ])
    await runner.finish(assignment, 'CANCELLED')
    expect(await read(run.id)).toMatchObject({ status: 'CANCELLED', error: null })
  })

  test('what ended stays as it ended', async () => {
    const run = await ended()
    expect(await app.call(cancelRun, { params: { id: run.id } })).toMatchObject({ status: 'SUCCEEDED' })
  })
})

describe('changing a live run', () => {
  test('permission mode and model reach the runner', async () => {
    const { run, assignment } = await running()
    const changed = await app.call(changeRun, { params: { id: run.id }, body: { permissionMode: 'acceptEdits' } })
    expect(changed.permissionMode).toBe('acceptEdits')
    const commands = await runner.commands({ active: [assignment] })
    expect(commands).toContainEqual(
      expect.objectContaining({ type: 'change', runId: run.id, permissionMode: 'acceptEdits', model: null })
    )
    await runner.finish(assignment, 'SUCCEEDED')
    await expect(app.call(changeRun, { params: { id: run.id }, body: { model: 'x' } })).rejects.toThrow('RUN_ENDED')
  })

  test('a run is called as somebody named it, also when it has ended, and is found by that', async () => {
    const { run, assignment } = await running()
    await runner.finish(assignment, 'SUCCEEDED')
    const params = { id: run.id }
    const named = await app.call(changeRun, { params, body: { title: '  Refunds, second try ' } })
    expect([named.title, named.status]).toEqual(['Refunds, second try', 'SUCCEEDED'])
    const found = await app.call(listRuns, { query: { search: 'refunds second' } })
    expect(found.data.map(({ id }) => id)).toEqual([run.id])
    expect((await app.call(changeRun, { params, body: { title: null } })).title).toBeNull()
    await expect(app.call(changeRun, { params, body: { title: ' ' } })).rejects.toThrow('title')
    await expect(app.call(changeRun, { params, body: { title: 'x', model: 'y' } })).rejects.toThrow('RUN_ENDED')
    expect((await app.call(getRun, { params })).title).toBeNull()
  })

  test('a change that names nothing is refused', async () => {
    const { run, assignment } = await running()
    expect((await app.request('PATCH', `/api/v1/runs/${run.id}`, { body: {} })).status).toBe(400)
    await runner.finish(assignment, 'SUCCEEDED')
  })
})

describe('the list', () => {
  test('is newest first, pages, counts without scanning, and filters by status and chain', async () => {
    const parent = await ended()
    const child = await app.call(followUpRun, { params: { id: parent.id }, body: { prompt: 'next' } })
    const all = await app.call(listRuns, { query: { limit: 2 } })
    expect(all.data[0]?.id).toBe(child.id)
    expect(all.pagination).toMatchObject({ limit: 2, offset: 0, hasMore: true })
    expect(all.pagination.total).toBe(all.data[0]?.number)
    const chain = await app.call(listRuns, { query: { rootRunId: parent.id } })
    expect(chain.data.map(run => run.id)).toEqual([child.id, parent.id])
    const queued = await app.call(listRuns, { query: { status: 'queued' } })
    expect(queued.data.every(run => run.status === 'QUEUED')).toBe(true)
    expect(queued.pagination.total).toBe(queued.data.length)
    const page = await app.call(listRuns, { query: { limit: 1, offset: 1 } })
    expect(page.data[0]?.id).toBe(parent.id)
  })

  test.each(['?limit=0', '?limit=501', '?limit=x', '?offset=-1', '?limit=1.5', '?status=NOPE'])(
    'refuses %s and names the field',
    async query => {
      const { status, error } = await app.request('GET', `/api/v1/runs${query}`)
      expect(status).toBe(400)
      expect(error.field).toBe(/\?(\w+)=/.exec(query)?.[1])
    }
  )
})

describe('a bad launch', () => {
  test.each([
    [{ cwd: '/work-here' }, 'prompt'],
    [{ prompt: '   ' }, 'prompt'],
    [{ prompt: 1 }, 'prompt'],
    [{ prompt: 'x', permissionMode: 'yolo' }, 'permissionMode'],
    [{ prompt: 'x', timeoutSeconds: 0 }, 'timeoutSeconds'],
    [{ prompt: 'x', cwd: 5 }, 'cwd'],
    [{ prompt: 'x', runtime: 'nope' }, 'runtime'],
    [{ prompt: 'x', runnerId: 'nope' }, 'runnerId'],
    [{ prompt: 'x', runtime: 'command' }, 'command'],
    [{ prompt: 'x', runtime: 'claude-code', command: { program: 'ls' } }, 'command'],
    [{ prompt: 'x', cwd: '/elsewhere' }, 'cwd'],
    [{ prompt: 'x', cwd: '/work-here/../etc' }, 'cwd'],
    [{ prompt: 'x', cwd: '/work-here-not' }, 'cwd'],
    [{ prompt: 'x', cwd: 'relative' }, 'cwd']
  ])('%j is refused with the field %s, and nothing is queued', async (body, path) => {
    const before = (await app.call(listRuns)).pagination.total
    const answer = await app.request('POST', '/api/v1/runs', { body })
    expect(answer.status).toBe(400)
    expect(answer.error.field).toBe(path)
    expect((await app.call(listRuns)).pagination.total).toBe(before)
  })

  test('unknown fields are ignored', async () => {
    const run = await launch({ nonsense: true })
    expect(run).not.toHaveProperty('nonsense')
  })
})

function usage(tokens: number) {
  return { inputTokens: tokens, outputTokens: tokens, cacheReadTokens: 0, cacheWriteTokens: 0 }
}

describe('the search of a run', () => {
  const said = (message: string, data: Record<string, unknown> = {}): Draft => ({
    type: 'event',
    kind: 'assistant',
    message,
    data
  })
  const find = (id: string, words: string, after = 0) =>
    app.call(searchRunEvents, { params: { id }, query: { words, after } })

  test('finds the events that show the words, in any case, and not those that only carry them', async () => {
    const { id } = await launch()
    const assignment = await runner.take(id)
    await runner.send(
      assignment,
      { type: 'started' },
      said('The retry test is flaky'),
      said('', { text: '\u001b[31mFLAKY\u001b[0m 100%' }),
      said('nothing', { block: 'flaky' }),
      said('Die Größe "zählt" \\ hier')
    )
    const { hits, upTo } = await find(id, ' flaky ')
    expect(hits).toHaveLength(2)
    const from = hits[0] ?? 0
    expect(await find(id, 'FLAKY', from)).toEqual({ hits: [from + 1], upTo })
    expect((await find(id, 'flaky 100%')).hits).toEqual([from + 1])
    expect((await find(id, '100_')).hits).toEqual([])
    for (const words of ['größe "zählt"', '"ZÄHLT" \\ hier', 'ö'])
      expect((await find(id, words)).hits, words).toEqual([from + 3])
    expect(await find(id, 'flaky', upTo)).toEqual({ hits: [], upTo })
  })

  test('names so many hits at most, and goes on behind them', async () => {
    const { id } = await launch()
    const assignment = await runner.take(id)
    await runner.send(assignment, { type: 'started' })
    for (let sent = 0; sent < hitLimit + 500; sent += 500)
      await runner.send(assignment, ...Array.from({ length: 500 }, (_, i) => said(`word ${sent + i}`)))
    const first = await find(id, 'word')
    expect(first.hits).toHaveLength(hitLimit)
    const rest = await find(id, 'word', first.upTo)
    expect(rest.hits).toHaveLength(500)
    expect(rest.hits[0]).toBe((first.hits.at(-1) ?? 0) + 1)
  })

  test('wants words, and a run', async () => {
    const { id } = await launch()
    await expect(find(id, '  ')).rejects.toThrow('INVALID_REQUEST')
    await expect(find('nothing', 'x')).rejects.toThrow('NOT_FOUND')
  })
})

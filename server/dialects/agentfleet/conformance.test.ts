import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import { getRun, launchRun, permissionModes } from '#contract/runs/runs'
import { connectDialect, type DialectClient, isoTime, type Thing, uuid } from '../../../test/kit/dialect-client.ts'
import { connectRunner, type RunnerClient } from '../../../test/kit/runner-client.ts'
import { type App, startApp } from '../../../test/kit/start-app.ts'
import { maxSessions } from './endpoints/runners.ts'

let app: App
let client: DialectClient
/** The one of the document: on Windows. */
let desktop: RunnerClient
let server: RunnerClient

const code = 'C:\\Users\\you\\code'
/** What the document posts. */
const example = { prompt: 'add a health check route', cwd: `${code}\\api`, permissionMode: 'acceptEdits' }
/** What the document shows of a session's output. */
const output = [
  { kind: 'system', message: 'session started' },
  { kind: 'assistant', message: 'Adding the route…' },
  { kind: 'tool_use', message: 'Edit src/app.ts' }
] as const

beforeAll(async () => {
  app = await startApp({ args: ['--limits', 'agentfleet=0'] })
  client = await connectDialect(app, '/agentfleet', 'agentfleet')
  desktop = await connectRunner(app, { name: 'home-desktop', platform: 'win32', allowedDirs: [code], capacity: 500 })
  server = await connectRunner(app, { name: 'server', allowedDirs: ['/srv'], capacity: 500 })
})
afterAll(() => app.close())

const call: DialectClient['call'] = (...parts) => client.call(...parts)
const says = (code: string, ...words: string[]) => ({
  error: expect.objectContaining({ code, message: expect.stringMatching(new RegExp(words.join('.*'))) })
})
const launch = async (more: Record<string, unknown> = {}) =>
  (await call('POST', '/api/v1/runs', { ...example, ...more })).body
const read = async (id: string) => (await call<Thing & { logs: Thing[] }>('GET', `/api/v1/runs/${id}`)).body

/** Launched, claimed and started. */
async function started(more: Record<string, unknown> = {}) {
  const run = await launch(more)
  const assignment = await desktop.take(run.id)
  await desktop.send(assignment, { type: 'started' })
  return { id: run.id, assignment }
}

async function ended(more: Record<string, unknown> = {}): Promise<string> {
  const { id, assignment } = await started(more)
  await desktop.send(assignment, { type: 'facts', facts: { sessionId: `session of ${id}`, cwd: example.cwd } })
  await desktop.finish(assignment, 'SUCCEEDED', { result: 'done' })
  return id
}

const tell = (
  assignment: Assignment,
  events: readonly { kind: 'system' | 'assistant' | 'tool_use'; message: string }[]
) => desktop.send(assignment, ...events.map(event => ({ type: 'event' as const, data: {}, ...event })))

describe('runners', () => {
  test('are listed in data, each with what it is and where it may work', async () => {
    const { status, body } = await call<{ data: Thing[] }>('GET', '/api/v1/runners')
    expect([status, body.data.find(({ id }) => id === desktop.runnerId)]).toEqual([
      200,
      {
        id: desktop.runnerId,
        name: 'home-desktop',
        hostname: 'here',
        platform: 'win32',
        version: '0.0.0',
        status: 'online',
        allowedDirs: [code],
        runtimes: [expect.objectContaining({ id: 'claude-code', state: 'ready' })],
        capacity: 500,
        activeRuns: expect.any(Number),
        lastHeartbeatAt: isoTime
      }
    ])
  })

  test('one is told with its sessions, the newest first, and no others', async () => {
    const elsewhere = await launch({ runnerId: server.runnerId, cwd: '/srv/app' })
    const claimed = await started()
    const pinned = await launch({ runnerId: desktop.runnerId })
    const { status, body } = await call<Thing & { sessions: Thing[] }>('GET', `/api/v1/runners/${desktop.runnerId}`)
    const { sessions, ...runner } = body
    const { data } = (await call<{ data: Thing[] }>('GET', '/api/v1/runners')).body
    expect([status, runner]).toEqual([200, data.find(({ id }) => id === desktop.runnerId)])
    expect(sessions.slice(0, 2)).toMatchObject([
      { id: pinned.id, status: 'QUEUED', runnerId: desktop.runnerId },
      { id: claimed.id, status: 'RUNNING', input: example.prompt, cwd: example.cwd }
    ])
    expect(sessions.map(({ id }) => id)).not.toContain(elsewhere.id)
    const { logs: _, ...run } = await read(pinned.id)
    expect(sessions[0]).toEqual(run)
  })

  test('one that has had many sessions is told with the newest of them', async () => {
    const runs = await Promise.all(
      Array.from({ length: maxSessions + 5 }, () => launch({ runnerId: server.runnerId, cwd: '/srv' }))
    )
    const { body } = await call<Thing & { sessions: Thing[] }>('GET', `/api/v1/runners/${server.runnerId}`)
    expect(body.sessions).toHaveLength(maxSessions)
    const known = runs.map(({ id }) => id)
    expect(body.sessions.every(({ id }) => known.includes(id))).toBe(true)
  })

  test('an unknown one is 404', async () => {
    expect(await call('GET', '/api/v1/runners/nobody')).toEqual({
      status: 404,
      body: says('NOT_FOUND', 'runner nobody')
    })
  })
})

describe('a session', () => {
  test('is launched as in the document, and answered with 201 and a bare object', async () => {
    expect(await call('POST', '/api/v1/runs', example)).toEqual({
      status: 201,
      body: {
        id: uuid,
        status: 'QUEUED',
        statusReason: null,
        input: 'add a health check route',
        cwd: 'C:\\Users\\you\\code\\api',
        permissionMode: 'acceptEdits',
        runnerId: null,
        model: null,
        runtime: 'claude-code',
        agentId: null,
        place: 'host',
        parentRunId: null,
        sessionId: null,
        trigger: 'manual',
        result: null,
        error: null,
        usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
        costUsd: null,
        durationMs: null,
        contextUsed: null,
        contextMax: null,
        lastSeq: 1,
        createdAt: isoTime,
        startedAt: null,
        endedAt: null
      }
    })
  })

  test('is claimed by a runner that may work in its folder, whichever way its path is written', async () => {
    for (const cwd of [code, 'c:\\users\\YOU\\code\\api', 'C:/Users/you/code/api']) {
      const run = await launch({ cwd })
      expect((await server.claim(100)).map(({ runId }) => runId)).not.toContain(run.id)
      expect((await desktop.take(run.id)).cwd).toBe(cwd)
      expect((await read(run.id)).runnerId).toBe(desktop.runnerId)
    }
  })

  test('may be pinned to a runner, with a permission mode and a model', async () => {
    const wish = { runnerId: desktop.runnerId, permissionMode: 'plan', model: 'claude-opus-4-5' }
    const run = await launch(wish)
    expect(run).toMatchObject({ status: 'QUEUED', ...wish })
    expect(await desktop.take(run.id)).toMatchObject({ permissionMode: 'plan', model: 'claude-opus-4-5' })
  })

  test.each(permissionModes)('has the permission mode %s', async permissionMode => {
    expect((await launch({ permissionMode })).permissionMode).toBe(permissionMode)
  })

  test('asks before it acts unless a permission mode was named', async () => {
    expect((await launch({ permissionMode: undefined })).permissionMode).toBe('default')
  })

  test.each(['prompt', 'cwd'])('without %s is refused by that name', async field => {
    const answer = await call('POST', '/api/v1/runs', { ...example, [field]: undefined })
    expect(answer).toEqual({ status: 400, body: says('INVALID_REQUEST', `^${field}: is missing`) })
  })

  test.each([
    [{ prompt: ' ' }, 'INVALID_REQUEST', '^prompt: must not be empty'],
    [{ prompt: 7 }, 'INVALID_REQUEST', '^prompt: a text is expected'],
    [{ permissionMode: 'root' }, 'INVALID_REQUEST', '^permissionMode:.*acceptEdits'],
    [{ model: '' }, 'INVALID_REQUEST', '^model:'],
    [{ runnerId: 'nobody' }, 'UNKNOWN_RUNNER', '^runnerId: there is no runner nobody'],
    [{ cwd: 'C:\\Users\\you' }, 'CWD_NOT_ALLOWED', '^cwd:.*outside.*code'],
    [{ cwd: 'C:\\Users\\you\\code2' }, 'CWD_NOT_ALLOWED', '^cwd:'],
    [{ cwd: 'C:\\Users\\you\\code\\..\\..' }, 'CWD_NOT_ALLOWED', '^cwd:'],
    [{ cwd: 'D:\\Users\\you\\code' }, 'CWD_NOT_ALLOWED', '^cwd:'],
    [{ cwd: 'code\\api' }, 'CWD_NOT_ALLOWED', '^cwd:'],
    [{ cwd: '/etc' }, 'CWD_NOT_ALLOWED', '^cwd:']
  ])('%j is refused at once', async (more, code, words) => {
    expect(await call('POST', '/api/v1/runs', { ...example, ...more })).toEqual({
      status: 400,
      body: says(code, words)
    })
  })

  test('that is pinned is refused a folder that only another runner allows', async () => {
    const answer = await call('POST', '/api/v1/runs', { ...example, runnerId: server.runnerId })
    expect(answer).toEqual({ status: 400, body: says('CWD_NOT_ALLOWED', '^cwd:.*/srv') })
  })

  test('passes over fields that the document does not know', async () => {
    expect(await launch({ agentId: 'nobody', runtime: 'nothing', colour: 'red' })).toMatchObject({
      status: 'QUEUED',
      agentId: null,
      runtime: 'claude-code'
    })
  })

  test('is a run like any other, whichever face launched it', async () => {
    const { id } = await launch()
    expect(await app.call(getRun, { params: { id } })).toMatchObject({ id, input: example.prompt, cwd: example.cwd })
    const ours = await app.call(launchRun, { body: { prompt: 'from elsewhere', cwd: '/srv' } })
    expect(await read(ours.id)).toMatchObject({ id: ours.id, status: 'QUEUED', input: 'from elsewhere' })
  })

  test('is fetched with its logs, its cost and its tokens', async () => {
    const { id, assignment } = await started()
    await tell(assignment, output)
    const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 2 }
    await desktop.send(assignment, { type: 'facts', facts: { usage, costUsd: 0.25, sessionId: 'abc' } })
    await desktop.finish(assignment, 'SUCCEEDED', { result: 'The route is there.' })
    const { logs, ...run } = await read(id)
    expect(run).toMatchObject({
      id,
      status: 'SUCCEEDED',
      result: 'The route is there.',
      usage,
      costUsd: 0.25,
      sessionId: 'abc',
      runnerId: desktop.runnerId,
      durationMs: expect.any(Number),
      endedAt: isoTime,
      lastSeq: logs.length
    })
    expect(logs).toEqual((await call<{ data: Thing[] }>('GET', `/api/v1/runs/${id}/events`)).body.data)
    expect(logs.map(({ kind }) => kind)).toEqual(['user', 'system', 'assistant', 'tool_use', 'result'])
  })

  test('has all its logs, however many they are', async () => {
    const { id, assignment } = await started()
    const many = Array.from({ length: 1234 }, (_, n) => ({ kind: 'assistant' as const, message: `Line ${n} – ünï ✓` }))
    await tell(assignment, many.slice(0, 700))
    await tell(assignment, many.slice(700))
    const { logs, lastSeq } = await read(id)
    expect(logs.map(({ seq }) => seq)).toEqual(Array.from({ length: 1235 }, (_, n) => n + 1))
    expect(logs.slice(1).map(({ message }) => message)).toEqual(many.map(({ message }) => message))
    expect(lastSeq).toBe(1235)
  })

  test('an unknown one is 404', async () => {
    for (const path of ['', '/events'])
      expect(await call('GET', `/api/v1/runs/nothing${path}`)).toEqual({
        status: 404,
        body: says('NOT_FOUND', 'no run')
      })
  })
})

describe('the status of a session', () => {
  const statusOf = async (id: string) => {
    const { status, error } = await read(id)
    return [status, (error as { code: string } | null)?.code ?? null]
  }

  test('is QUEUED until it runs, and WAITING while a person is asked', async () => {
    const { id } = await launch()
    expect(await statusOf(id)).toEqual(['QUEUED', null])
    const assignment = await desktop.take(id)
    expect(await statusOf(id)).toEqual(['QUEUED', null])
    await desktop.send(assignment, { type: 'started' })
    expect(await statusOf(id)).toEqual(['RUNNING', null])
    const question = { kind: 'tool', tool: 'Bash', toolUseId: null, title: 'x', subject: 'ls', input: {} } as const
    await desktop.send(assignment, { type: 'approval', key: 'k', ...question, reason: null })
    expect(await statusOf(id)).toEqual(['WAITING', null])
  })

  test.each([
    ['SUCCEEDED', 'SUCCEEDED', null],
    ['FAILED', 'FAILED', 'API_ERROR'],
    ['TIMED_OUT', 'FAILED', 'TIMED_OUT'],
    ['LOST', 'FAILED', 'LOST'],
    ['CANCELLED', 'CANCELLED', null]
  ] as const)('that ended as %s is %s, with the code %s', async (outcome, status, code) => {
    const { id, assignment } = await started()
    await desktop.finish(assignment, outcome, code === null ? {} : { error: { code, message: 'words' } })
    expect(await statusOf(id)).toEqual([status, code])
  })
})

describe('the live tail', () => {
  const tail = async (id: string, query = '') =>
    (await call<{ data: Thing[] }>('GET', `/api/v1/runs/${id}/events${query}`)).body.data

  test('gives the output of a session in order, and only what is newer than what was seen', async () => {
    const { id, assignment } = await started()
    await tell(assignment, output)
    const first = await tail(id, '?after=0')
    const prompt = { kind: 'user', message: example.prompt }
    expect(first).toMatchObject([prompt, ...output].map((event, index) => ({ seq: index + 1, ...event })))
    expect(await tail(id)).toEqual(first)
    await desktop.finish(assignment, 'SUCCEEDED', { result: 'done' })
    expect(await tail(id, '?after=4')).toMatchObject([{ seq: 5, kind: 'result', message: expect.any(String) }])
    expect(await tail(id, '?after=5')).toEqual([])
  })

  test('gives at most 500 at a time', async () => {
    const { id, assignment } = await started()
    await tell(
      assignment,
      Array.from({ length: 600 }, () => ({ kind: 'assistant' as const, message: 'x' }))
    )
    const pages = [await tail(id), await tail(id, '?after=500'), await tail(id, '?after=601')]
    expect(pages.map(page => [page.length, page.at(-1)?.seq])).toEqual([
      [500, 500],
      [101, 601],
      [0, undefined]
    ])
  })

  test.each(['-1', '1.5', 'x', '', '0x10'])('refuses to begin after "%s"', async after => {
    const { id } = await started()
    const answer = await call('GET', `/api/v1/runs/${id}/events?after=${after}`)
    expect(answer).toEqual({ status: 400, body: says('INVALID_REQUEST', '^after:') })
  })
})

describe('a follow-up', () => {
  const follow = (id: string, body: Record<string, unknown> = { prompt: 'now add a test for it' }) =>
    call('POST', `/api/v1/runs/${id}/followup`, body)

  test('resumes the session in a child that inherits runner, cwd, permission mode and model', async () => {
    const parent = await ended({ model: 'claude-opus-4-5' })
    const wish = { prompt: 'now add a test for it', model: 'other', permissionMode: 'plan', cwd: '/', runnerId: 'x' }
    const { status, body } = await follow(parent, wish)
    const inherited = {
      runnerId: desktop.runnerId,
      cwd: example.cwd,
      permissionMode: 'acceptEdits',
      model: 'claude-opus-4-5'
    }
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        id: uuid,
        status: 'QUEUED',
        parentRunId: parent,
        input: 'now add a test for it',
        ...inherited
      })
    ])
    const { runnerId: _, ...assigned } = inherited
    expect(await desktop.take(body.id)).toMatchObject({
      ...assigned,
      prompt: 'now add a test for it',
      resume: { sessionId: `session of ${parent}`, fork: false }
    })
  })

  test('of a session that still runs, or never was one, is 409', async () => {
    const { id, assignment } = await started()
    expect(await follow(id)).toEqual({ status: 409, body: says('RUN_NOT_ENDED', 'has not ended') })
    await desktop.finish(assignment, 'FAILED', { error: { code: 'RUNTIME_MISSING', message: 'x' } })
    expect(await follow(id)).toEqual({ status: 409, body: says('RUN_NOT_RESUMABLE', 'no session') })
  })

  test('needs a prompt and a session that exists', async () => {
    expect(await follow(await ended(), {})).toEqual({
      status: 400,
      body: says('INVALID_REQUEST', '^prompt: is missing')
    })
    expect(await follow('nothing')).toEqual({ status: 404, body: says('NOT_FOUND', 'no run nothing') })
  })
})

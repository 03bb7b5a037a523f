import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as data from '#contract/data'
import { createAgent, getAgent } from '#contract/fleet/agents'
import { listSecrets, setSecret } from '#contract/fleet/secrets'
import { getUsage } from '#contract/money/usage'
import { listRunEvents } from '#contract/runs/events'
import * as runs from '#contract/runs/runs'
import { getSystem, healthz } from '#contract/system'
import { listMessages, sendMessage } from '#contract/work/messages'
import * as tasks from '#contract/work/tasks'
import { type TestClock, testClock } from '../kit/clock.ts'
import { connectRunner, type Draft, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const day = 86_400_000
let clock: TestClock
let app: App
let runner: RunnerClient

beforeEach(async () => {
  clock = testClock()
  app = await startApp({ clock })
  runner = await connectRunner(app)
})
afterEach(() => app.close())

const said = (text: string): Draft => ({ type: 'event', kind: 'assistant', message: text, data: {} }) as Draft
const texts = (count: number) => Array.from({ length: count }, (_, n) => said(`${'word '.repeat(200)}${n}`))

/** A run that ended, with so many events of its own. */
async function ended(body: Record<string, unknown> = {}, events = 3): Promise<string> {
  await app.call(runs.launchRun, { body: { prompt: 'x', runtime: 'claude-code', ...body } })
  const assignment = await runner.claimOne()
  await runner.send(assignment, { type: 'started' })
  await runner.send(assignment, { type: 'facts', facts: { sessionId: `s-${assignment.runId}` } })
  for (let sent = 0; sent < events; sent += 100) await runner.send(assignment, ...texts(Math.min(100, events - sent)))
  await runner.finish(assignment, 'SUCCEEDED', { result: 'done' })
  return assignment.runId
}

const status = async (id: string) => (await app.request('GET', `/api/v1/runs/${id}`)).status
const eventsOf = async (id: string) => (await app.call(listRunEvents, { params: { id } })).data.length
const swept = () => expect.poll(async () => (await app.call(data.getData)).sweeping).toBe(false)

describe('a run that ended can be deleted', () => {
  test('it is gone with its events, and what it used stays', async () => {
    const [kept, gone] = [await ended(), await ended()]
    const usage = await app.call(getUsage, { query: { period: 'day' } })
    await app.call(runs.deleteRun, { params: { id: gone } })
    expect(await status(gone)).toBe(404)
    expect((await app.request('GET', `/api/v1/runs/${gone}/events`)).status).toBe(404)
    const { data: left, pagination } = await app.call(runs.listRuns)
    expect(left.map(run => run.id)).toEqual([kept])
    expect(pagination.total).toBe(1)
    expect((await app.call(getSystem)).runs.SUCCEEDED).toBe(1)
    expect(await app.call(getUsage, { query: { period: 'day' } })).toEqual(usage)
    await swept()
  })

  test('however many events it has, by and by', async () => {
    const before = (await app.call(data.getData)).events.bytes
    const gone = await ended({}, 5000)
    expect((await app.call(data.getData)).events.bytes).toBeGreaterThan(before)
    await app.call(runs.deleteRun, { params: { id: gone } })
    await swept()
    expect((await app.call(data.getData)).events.bytes).toBe(before)
  })

  test('a sweep that was cut off goes on after the next start', async () => {
    const gone = await ended({}, 4500)
    await app.call(runs.deleteRun, { params: { id: gone } })
    await app.restart()
    await swept()
    expect((await app.call(runs.listRuns)).data).toEqual([])
  })

  test('what followed from it stays and can be continued', async () => {
    const first = await ended()
    const next = await app.call(runs.followUpRun, { params: { id: first }, body: { prompt: 'on' } })
    const assignment = await runner.claimOne()
    await runner.send(assignment, { type: 'started' })
    await runner.send(assignment, { type: 'facts', facts: { sessionId: 'again' } })
    await runner.finish(assignment, 'SUCCEEDED')
    await app.call(runs.deleteRun, { params: { id: first } })
    expect(await status(next.id)).toBe(200)
    const third = await app.call(runs.followUpRun, { params: { id: next.id }, body: { prompt: 'and on' } })
    expect(third.rootRunId).toBe(first)
  })

  test.each(['QUEUED', 'RUNNING'])('one that is %s is refused', async wanted => {
    const run = await app.call(runs.launchRun, { body: { prompt: 'x', runtime: 'claude-code' } })
    if (wanted === 'RUNNING') await runner.send(await runner.claimOne(), { type: 'started' })
    const answer = await app.request('DELETE', `/api/v1/runs/${run.id}`)
    expect([answer.status, answer.error.code]).toEqual([409, 'RUN_NOT_ENDED'])
    expect(await status(run.id)).toBe(200)
  })

  test('twice is once, and nothing there is nothing there', async () => {
    const gone = await ended()
    const answers = await Promise.all([1, 2].map(() => app.request('DELETE', `/api/v1/runs/${gone}`)))
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 404])
    expect((await app.request('DELETE', '/api/v1/runs/nowhere')).status).toBe(404)
  })
})

describe('things are kept as long as is wanted', () => {
  test('without a wish for ever', async () => {
    const old = await ended()
    clock.advance(4000 * day)
    await app.call(data.changeRetention, { body: {} })
    expect(await status(old)).toBe(200)
    expect(await eventsOf(old)).toBeGreaterThan(0)
  })

  test('runs: those that ended longer ago go, the younger stay', async () => {
    const old = await ended()
    clock.advance(20 * day)
    const young = await ended()
    const usage = await app.call(getUsage, { query: { period: 'month' } })
    await app.call(data.changeRetention, { body: { runDays: 10 } })
    await expect.poll(() => status(old)).toBe(404)
    expect(await status(young)).toBe(200)
    expect(await app.call(getUsage, { query: { period: 'month' } })).toEqual(usage)
  })

  test('more of them than one transaction takes', async () => {
    for (let n = 0; n < 60; n++) await ended({}, 1)
    clock.advance(2 * day)
    await app.call(data.changeRetention, { body: { runDays: 1 } })
    await expect.poll(async () => (await app.call(runs.listRuns)).pagination.total).toBe(0)
  })

  test('the last run of an agent that one can go on talking with stays', async () => {
    const { id: agentId } = await app.call(createAgent, { body: { name: 'Rex' } })
    const [first, last] = [await ended({ agentId }), await ended({ agentId })]
    const held = (await app.request('GET', `/api/v1/agents/${agentId}`)).status
    expect(held).toBe(200)
    clock.advance(20 * day)
    await app.call(data.changeRetention, { body: { runDays: 10 } })
    await expect.poll(() => status(first)).toBe(404)
    expect(await status(last)).toBe(200)
    expect((await app.call(getAgent, { params: { id: agentId } })).id).toBe(agentId)
  })

  test('events: they go, and the run says when', async () => {
    const old = await ended()
    clock.advance(20 * day)
    await app.call(data.changeRetention, { body: { eventDays: 10 } })
    await expect.poll(() => eventsOf(old)).toBe(0)
    const run = await app.call(runs.getRun, { params: { id: old } })
    expect(run).toMatchObject({ result: 'done', eventsRemovedAt: new Date(clock.now()).toISOString() })
  })

  test('events by weight: those of the runs that ended first', async () => {
    const first = await ended({}, 1500)
    clock.advance(1000)
    const second = await ended({}, 1500)
    const { bytes } = (await app.call(data.getData)).events
    await app.call(data.changeRetention, { body: { eventBytes: Math.round(bytes * 0.7) } })
    await expect.poll(() => eventsOf(first)).toBe(0)
    await swept()
    expect(await eventsOf(second)).toBeGreaterThan(0)
    expect((await app.call(data.getData)).events.bytes).toBeLessThan(bytes * 0.7)
  })

  test('messages', async () => {
    await app.call(sendMessage, { body: { text: 'old' } })
    clock.advance(5 * day)
    await app.call(sendMessage, { body: { text: 'young' } })
    await app.call(data.changeRetention, { body: { messageDays: 3 } })
    await expect.poll(async () => (await app.call(listMessages)).pagination.total).toBe(1)
    expect((await app.call(listMessages)).data.map(message => message.text)).toEqual(['young'])
  })

  test('private folders: of runs that are gone, never of an agent that works', async () => {
    const { id: agentId } = await app.call(createAgent, { body: { name: 'Rex' } })
    const workspaces = join(app.dataDir, 'workspaces')
    for (const name of [agentId, 'gone']) {
      mkdirSync(join(workspaces, name), { recursive: true })
      writeFileSync(join(workspaces, name, 'notes.txt'), 'x'.repeat(1000))
      for (const path of [join(workspaces, name, 'notes.txt'), join(workspaces, name)]) utimesSync(path, 1, 1)
    }
    expect((await app.call(data.getData)).workspaces).toEqual({ count: 2, bytes: 2000, complete: true })
    await app.call(data.changeRetention, { body: { workspaceDays: 1 } })
    await expect.poll(() => readdirSync(workspaces)).toEqual([agentId])
  })

  test('the wish survives a restart, and null takes it back', async () => {
    await app.call(data.changeRetention, { body: { runDays: 7, messageDays: 9 } })
    await app.restart()
    await app.call(data.changeRetention, { body: { runDays: null } })
    expect((await app.call(data.getData)).retention).toMatchObject({ runDays: null, messageDays: 9, eventDays: null })
  })

  test.each([{ runDays: 0 }, { eventDays: 1.5 }, { eventBytes: 10 }, { messageDays: '3' }])(
    '%o is refused',
    async body => {
      const answer = await app.request('PATCH', '/api/v1/data/retention', { body })
      expect([answer.status, answer.error.field]).toEqual([400, Object.keys(body)[0]])
    }
  )
})

describe('a backup', () => {
  test('is a consistent copy made while runs go on, and can be put back', async () => {
    const first = await ended()
    const backup = await app.call(data.makeBackup)
    expect(statSync(backup.path).mode & 0o077).toBe(0)
    const later = await ended()
    expect((await app.call(data.listBackups)).data).toEqual([backup])
    await app.call(data.restoreBackup, { body: { name: backup.name } })
    expect((await app.call(data.getData)).restore).toBe(backup.name)
    await app.restart()
    expect([await status(first), await status(later)]).toEqual([200, 404])
    const { data: copies } = await app.call(data.listBackups)
    expect(copies.map(copy => copy.name)).toContainEqual(expect.stringContaining('before-restore'))
    expect((await app.call(data.getData)).restore).toBeNull()
  })

  test('what was there before goes back in the same way', async () => {
    const backup = await app.call(data.makeBackup)
    const later = await ended()
    await app.call(data.restoreBackup, { body: { name: backup.name } })
    await app.restart()
    const before = (await app.call(data.listBackups)).data.find(copy => copy.name.includes('before-restore'))
    await app.call(data.restoreBackup, { body: { name: before?.name ?? '' } })
    await app.restart()
    expect(await status(later)).toBe(200)
  })

  test('is not put back after all', async () => {
    const backup = await app.call(data.makeBackup)
    const later = await ended()
    await app.call(data.restoreBackup, { body: { name: backup.name } })
    await app.call(data.cancelRestore)
    await app.restart()
    expect(await status(later)).toBe(200)
  })

  test('that is deleted is not put back', async () => {
    const backup = await app.call(data.makeBackup)
    await app.call(data.restoreBackup, { body: { name: backup.name } })
    await app.call(data.deleteBackup, { params: { name: backup.name } })
    await expect.poll(() => existsSync(backup.path)).toBe(false)
    expect((await app.call(data.getData)).restore).toBeNull()
  })

  test.each(['../flotilla.db', '/etc/passwd', 'nothing.db'])('%s is none', async name => {
    const answer = await app.request('POST', '/api/v1/restore', { body: { name } })
    expect([answer.status, answer.error.code]).toEqual([404, 'NOT_FOUND'])
    expect((await app.request('DELETE', `/api/v1/backups/${encodeURIComponent(name)}`)).status).toBe(404)
  })

  test('that is no database is refused', async () => {
    mkdirSync(join(app.dataDir, 'backups'), { recursive: true })
    writeFileSync(join(app.dataDir, 'backups', 'photo.db'), 'not a database at all')
    expect((await app.call(data.listBackups)).data).toMatchObject([{ name: 'photo.db', schema: null }])
    const answer = await app.request('POST', '/api/v1/restore', { body: { name: 'photo.db' } })
    expect([answer.status, answer.error.code]).toEqual([409, 'NOT_SUPPORTED'])
  })

  test('two at once are one', async () => {
    const answers = await Promise.all([1, 2].map(() => app.request('POST', '/api/v1/backup', { body: {} })))
    expect(answers.map(answer => answer.status).sort()).toEqual([201, 409])
  })
})

describe('a data key that was lost', () => {
  test('shows in health and in the list of secrets, until they are set again', async () => {
    await app.call(setSecret, { body: { key: 'TOKEN', value: 'a-long-enough-value' } })
    expect((await app.call(listSecrets)).data).toMatchObject([{ key: 'TOKEN', readable: true }])
    rmSync(join(app.dataDir, 'data.key'))
    await app.restart()
    expect((await app.call(listSecrets)).data).toMatchObject([{ key: 'TOKEN', readable: false }])
    expect(await app.call(healthz)).toMatchObject({ status: 'degraded', detail: expect.stringContaining('data key') })
    await app.call(setSecret, { body: { key: 'TOKEN', value: 'another-long-value' } })
    expect(await app.call(healthz)).toEqual({ status: 'ok', detail: null })
  })
})

describe("a retry of a task's run", () => {
  test("is the task's", async () => {
    const { id: assigneeId } = await app.call(createAgent, { body: { name: 'Doer', runtime: 'claude-code' } })
    const task = await app.call(tasks.createTask, { body: { title: 'T', input: 'x', assigneeId } })
    const first = await app.call(tasks.runTask, { params: { id: task.id } })
    const assignment = await runner.claimOne()
    await runner.send(assignment, { type: 'started' })
    await runner.finish(assignment, 'FAILED', { error: { code: 'AGENT_FAILED', message: 'no' } })
    const retry = await app.call(runs.retryRun, { params: { id: first.id } })
    expect(retry.taskId).toBe(task.id)
    await runner.finish(await runner.claimOne(), 'SUCCEEDED', { result: 'yes' })
    expect(await app.call(tasks.getTask, { params: { id: task.id } })).toMatchObject({ status: 'done', output: 'yes' })
  })

  test('of a run that the task went on from is nobody’s', async () => {
    const { id: assigneeId } = await app.call(createAgent, { body: { name: 'Doer', runtime: 'claude-code' } })
    const task = await app.call(tasks.createTask, { body: { title: 'T', input: 'x', assigneeId } })
    const first = await app.call(tasks.runTask, { params: { id: task.id } })
    await runner.finish(await runner.claimOne(), 'SUCCEEDED')
    const second = await app.call(tasks.runTask, { params: { id: task.id } })
    await runner.finish(await runner.claimOne(), 'SUCCEEDED')
    const retry = await app.call(runs.retryRun, { params: { id: first.id } })
    expect([second.taskId, retry.taskId]).toEqual([task.id, null])
  })
})

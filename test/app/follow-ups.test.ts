import { afterAll, beforeAll, expect, test } from 'vitest'
import { listRunCommands } from '#contract/runs/commands'
import { followUpRun, forkRun, getRun, launchRun, type Run } from '#contract/runs/runs'
import { searchRunEvents } from '#contract/runs/search'
import { connectRunner, type RunnerClient, report } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
let runner: RunnerClient

const { capabilities } = report('claude-code')

beforeAll(async () => {
  app = await startApp()
  const models = [{ id: 'haiku', title: 'Haiku' }]
  runner = await connectRunner(app, {
    runtimes: [report('claude-code', { capabilities: { ...capabilities, models } })]
  })
})
afterAll(() => app.close())

const launch = (body: Record<string, unknown> = {}) =>
  app.call(launchRun, { body: { prompt: 'fix it', cwd: '/work-here/api', ...body } })
const read = (id: string) => app.call(getRun, { params: { id } })

async function running(body: Record<string, unknown> = {}) {
  const run = await launch(body)
  const assignment = await runner.take(run.id)
  await runner.send(assignment, { type: 'started' }, { type: 'facts', facts: { sessionId: `session-${run.number}` } })
  return { run, assignment }
}

async function ended(body: Record<string, unknown> = {}): Promise<Run> {
  const { run, assignment } = await running(body)
  await runner.finish(assignment, 'SUCCEEDED')
  return await read(run.id)
}

test('a follow-up and a fork may have another permission mode and another model, and no others change', async () => {
  const parent = await ended({ permissionMode: 'acceptEdits', model: 'opus' })
  const params = { id: parent.id }
  const plan = { prompt: 'a plan first', permissionMode: 'plan' }
  expect(await app.call(forkRun, { params, body: plan })).toMatchObject({ permissionMode: 'plan', model: 'opus' })
  const body = { prompt: 'go', model: 'haiku' }
  const child = await app.call(followUpRun, { params, body })
  expect(child).toMatchObject({ permissionMode: 'acceptEdits', model: 'haiku' })
  expect(await runner.take(child.id)).toMatchObject({ permissionMode: 'acceptEdits', model: 'haiku' })
  expect(await read(parent.id)).toMatchObject({ permissionMode: 'acceptEdits', model: 'opus' })
})

test('a follow-up is refused what its runtime does not have', async () => {
  const bare = report('claude-code', { capabilities: { ...capabilities, permissionModes: ['default'], models: [] } })
  const other = await connectRunner(app, { runtimes: [bare], allowedDirs: ['/elsewhere'] })
  const run = await launch({ cwd: '/elsewhere', runnerId: other.runnerId })
  const assignment = await other.take(run.id)
  await other.send(assignment, { type: 'facts', facts: { sessionId: 'elsewhere' } })
  await other.finish(assignment, 'SUCCEEDED')
  const follow = (body: Record<string, unknown>) =>
    app.call(followUpRun, { params: { id: run.id }, body: { prompt: 'x', ...body } })
  await expect(follow({ permissionMode: 'plan' })).rejects.toThrow('NOT_SUPPORTED')
  await expect(follow({ model: 'opus' })).rejects.toThrow('NOT_SUPPORTED')
  await expect(follow({ permissionMode: 'root' })).rejects.toThrow('INVALID_REQUEST')
  expect(await follow({ permissionMode: 'default' })).toMatchObject({ permissionMode: 'default', model: null })
  await other.leave()
})

test('commands are those that the runtime told, in this run or before it', async () => {
  const commands = async (id: string) =>
    (await app.call(listRunCommands, { params: { id } })).data.map(({ name }) => name)
  const { run, assignment } = await running()
  expect(await commands(run.id)).toEqual([])
  const told = { subtype: 'init', commands: ['compact', 'review'] }
  await runner.send(assignment, { type: 'event', kind: 'system', message: 'Claude Code', data: told })
  expect(await commands(run.id)).toEqual(['compact', 'review'])
  await runner.finish(assignment, 'SUCCEEDED')
  const child = await app.call(followUpRun, { params: { id: run.id }, body: { prompt: 'next' } })
  expect(await commands(child.id)).toEqual(['compact', 'review'])
  // They are no words of the conversation.
  const found = await app.call(searchRunEvents, { params: { id: run.id }, query: { words: 'compact' } })
  expect(found.hits).toEqual([])
  const words = await ended({ prompt: 'say {"commands":["x"]} with "subtype":"init"' })
  expect(await commands(words.id)).toEqual([])
})

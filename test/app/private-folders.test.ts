import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAgent, executeAgent } from '#contract/fleet/agents'
import type { Assignment } from '#contract/runners/runner-protocol'
import { followUpRun, forkRun, getRun, launchRun, type Run, retryRun } from '#contract/runs/runs'
import { createTask, runTask } from '#contract/work/tasks'
import { connectDialect } from '../kit/dialect-client.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
let runner: RunnerClient
beforeAll(async () => {
  app = await startApp({ args: ['--limits', 'fleetrun=0'] })
  runner = await connectRunner(app, { allowedDirs: ['/code'], dataDir: '/var/flotilla', capacity: 100 })
})
afterAll(() => app.close())

const pathOf = ({ workspace }: Assignment) => `/var/flotilla/workspaces/${workspace}`

/** The next run that is handed out does its work in the folder it was given, and tells where that is. */
async function worked(): Promise<Assignment> {
  const [assignment] = await runner.claim(1, 10)
  if (!assignment) throw new Error('nothing to claim')
  const cwd = assignment.cwd ?? pathOf(assignment)
  await runner.send(
    assignment,
    { type: 'started' },
    { type: 'facts', facts: { cwd, sessionId: `s-${assignment.runId}` } }
  )
  await runner.finish(assignment, 'SUCCEEDED', { result: 'done' })
  return assignment
}

const launch = (body: Record<string, unknown> = {}) => app.call(launchRun, { body: { prompt: 'go', ...body } })
const of = (run: Pick<Run, 'id'>) => ({ params: { id: run.id } })

/** An agent without a folder that has done one run in its private one. */
async function settled(name: string) {
  const agent = await app.call(createAgent, { body: { name } })
  const run = await app.call(executeAgent, { ...of(agent), body: { prompt: 'first' } })
  return { agent, run, first: await worked() }
}

describe('an agent without a folder, on a runner that may work elsewhere only, keeps its private one', () => {
  test('in its conversation, and in a new one', async () => {
    const { agent, first } = await settled('Talker')
    expect(first).toMatchObject({ cwd: null, workspace: agent.id })
    for (const more of [{}, { continue: false }]) {
      await app.call(executeAgent, { ...of(agent), body: { prompt: 'next', ...more } })
      expect(await worked()).toMatchObject({ cwd: null, workspace: agent.id })
    }
  })

  test('in a launch that names it, also by its runner', async () => {
    const { agent } = await settled('Launched')
    for (const more of [{}, { runnerId: runner.runnerId }]) {
      await launch({ agentId: agent.slug, ...more })
      expect(await worked()).toMatchObject({ cwd: null, workspace: agent.id })
    }
  })

  test('in follow-up, fork and retry', async () => {
    const { agent, run } = await settled('Continued')
    await app.call(followUpRun, { ...of(run), body: { prompt: 'more' } })
    expect(await worked()).toMatchObject({ cwd: null, workspace: agent.id, resume: { fork: false } })
    await app.call(forkRun, { ...of(run), body: { prompt: 'other' } })
    expect(await worked()).toMatchObject({ cwd: null, workspace: agent.id, resume: { fork: true } })
    await app.call(retryRun, of(run))
    expect(await worked()).toMatchObject({ cwd: null, workspace: agent.id })
  })

  test('in a second task, ours and one of another face', async () => {
    const { agent } = await settled('Tasked')
    const ours = await app.call(createTask, { body: { title: 'One', input: 'x', assigneeId: agent.id } })
    await app.call(runTask, of(ours))
    expect(await worked()).toMatchObject({ cwd: null, workspace: agent.id })
    const client = await connectDialect(app, '/fleetrun', 'fleetrun')
    const task = await client.call('POST', '/api/tasks', { title: 'Two', input: 'x', assignee: agent.id })
    const stream = client.stream('/api/run', { taskId: task.body.id })
    expect(await worked()).toMatchObject({ cwd: null, workspace: agent.id })
    await stream
  })
})

describe('a run without an agent', () => {
  test('shares its private folder with what follows from it', async () => {
    const run = await launch()
    expect(await worked()).toMatchObject({ cwd: null, workspace: run.id })
    expect(await app.call(getRun, of(run))).toMatchObject({ cwd: `/var/flotilla/workspaces/${run.id}` })
    const child = await app.call(followUpRun, { ...of(run), body: { prompt: 'more' } })
    expect(await worked()).toMatchObject({ runId: child.id, cwd: null, workspace: run.id })
    await app.call(retryRun, of(child))
    expect(await worked()).toMatchObject({ cwd: null, workspace: run.id })
  })

  test('in a folder that was wished for keeps that one', async () => {
    const run = await launch({ cwd: '/code/app' })
    expect(await worked()).toMatchObject({ cwd: '/code/app' })
    await app.call(followUpRun, { ...of(run), body: { prompt: 'more' } })
    expect(await worked()).toMatchObject({ cwd: '/code/app' })
  })
})

describe('the rule about folders', () => {
  test.each(['/var/flotilla', '/var/flotilla/logs', '/var/flotilla/workspaces/../spool', '/etc', 'code'])(
    'refuses %s before it is queued',
    async cwd => {
      await expect(launch({ cwd })).rejects.toThrow('CWD_NOT_ALLOWED')
      await expect(launch({ cwd, runnerId: runner.runnerId })).rejects.toThrow('CWD_NOT_ALLOWED')
    }
  )

  test.each(['/code', '/code/deep/../app', '/var/flotilla/workspaces/somebody'])('takes %s', async cwd => {
    await launch({ cwd })
    expect(await worked()).toMatchObject({ cwd })
  })
})

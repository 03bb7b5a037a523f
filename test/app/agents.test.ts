import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Agent,
  archiveAgent,
  changeAgent,
  createAgent,
  executeAgent,
  getAgent,
  listAgents,
  restartAgent,
  restoreAgent,
  startAgent,
  stopAgent
} from '#contract/fleet/agents'
import { streamChanges } from '#contract/live'
import { followUpRun, forkRun, launchRun, listRuns, retryRun } from '#contract/runs/runs'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
let runner: RunnerClient
let made = 0

beforeAll(async () => {
  app = await startApp()
  runner = await connectRunner(app, { capacity: 100 })
})
afterAll(() => app.close())

const make = (more: Record<string, unknown> = {}): Promise<Agent> =>
  app.call(createAgent, { body: { name: `Agent ${++made}`, ...more } })
const path = (agent: Agent) => ({ params: { id: agent.id } })
const read = (agent: Agent) => app.call(getAgent, path(agent))
const execute = (agent: Agent, more: Record<string, unknown> = {}) =>
  app.call(executeAgent, { ...path(agent), body: { prompt: 'work', ...more } })

async function finished(agent: Agent, outcome: 'SUCCEEDED' | 'FAILED' = 'SUCCEEDED') {
  const run = await execute(agent)
  const assignment = await runner.take(run.id)
  await runner.send(
    assignment,
    { type: 'started' },
    { type: 'facts', facts: { sessionId: `s-${run.id}`, cwd: '/work-here' } }
  )
  const error = { code: 'MODEL_ERROR', message: 'no' }
  await runner.finish(assignment, outcome, outcome === 'FAILED' ? { error } : { result: 'done' })
  return { run, assignment }
}

describe('an agent', () => {
  test('needs only a name, and is found by id and by the slug made of it', async () => {
    const agent = await make({ name: 'Nova, the Ünique!' })
    expect(agent).toMatchObject({
      slug: 'nova-the-u-nique',
      status: 'idle',
      permissionMode: 'default',
      counters: { runs: 0, activeRuns: 0 },
      sessionRunId: null
    })
    expect((await app.call(getAgent, { params: { id: agent.slug } })).id).toBe(agent.id)
  })

  test.each([
    [{}, 'name', 400],
    [{ name: ' ' }, 'name', 400],
    [{ name: 'X', slug: 'Not A Slug' }, 'slug', 400],
    [{ name: 'X', managerId: 'nobody' }, 'managerId', 400],
    [{ name: 'X', runtime: 'nothing' }, 'runtime', 400],
    [{ name: 'X', provider: 'acme' }, 'provider', 400],
    [{ name: 'X', permissionMode: 'yolo' }, 'permissionMode', 400],
    [{ name: 'X', limits: { alertThreshold: 2 } }, 'limits.alertThreshold', 400]
  ])('%j is refused with the field %s', async (body, field, status) => {
    const answer = await app.request('POST', createAgent.path, { body })
    expect([answer.status, answer.error.field]).toEqual([status, field])
  })

  test('has its name and slug for itself, in any case', async () => {
    const agent = await make({ name: 'Only One' })
    await expect(make({ name: 'ONLY ONE' })).rejects.toThrow('NAME_TAKEN')
    await expect(make({ slug: agent.slug })).rejects.toThrow('NAME_TAKEN')
    const other = await make()
    await expect(app.call(changeAgent, { ...path(other), body: { name: 'only one' } })).rejects.toThrow('NAME_TAKEN')
    await app.call(changeAgent, { ...path(agent), body: { name: 'Only One' } })
  })

  test('changed by two at once, the second is told', async () => {
    const agent = await make()
    const url = `/api/v1/agents/${agent.id}`
    const tag = (await app.request('GET', url)).headers.get('etag') ?? ''
    const change = (role: string) => app.request('PATCH', url, { body: { role }, headers: { 'if-match': tag } })
    expect((await change('first')).status).toBe(200)
    expect((await change('second')).error.code).toBe('PRECONDITION_FAILED')
    expect((await read(agent)).role).toBe('first')
  })

  test('cannot report to itself or to those below it', async () => {
    const boss = await make()
    const middle = await make({ managerId: boss.id })
    const low = await make({ managerId: middle.slug })
    for (const managerId of [boss.id, middle.id, low.id])
      await expect(app.call(changeAgent, { ...path(boss), body: { managerId } })).rejects.toThrow('CIRCLE')
    await app.call(archiveAgent, path(middle))
    expect((await read(low)).managerId).toBe(boss.id)
  })
})

describe('its work', () => {
  test('runs with its settings; what the launch names wins', async () => {
    const agent = await make({
      role: 'You ship.',
      instructions: 'Be brief.',
      model: 'opus',
      permissionMode: 'acceptEdits',
      cwd: '/work-here/api',
      allowedTools: ['Read'],
      provider: 'anthropic'
    })
    const run = await execute(agent, { model: 'haiku' })
    expect(run).toMatchObject({
      agentId: agent.id,
      model: 'haiku',
      permissionMode: 'acceptEdits',
      cwd: '/work-here/api',
      trigger: 'agent'
    })
    expect(await runner.take(run.id)).toMatchObject({
      instructions: 'You ship.\n\nBe brief.',
      allowedTools: ['Read'],
      workspace: agent.id,
      runtime: 'claude-code'
    })
    const direct = await app.call(launchRun, { body: { prompt: 'x', agentId: agent.slug } })
    expect(direct).toMatchObject({ agentId: agent.id, model: 'opus' })
  })

  test('shows in its status, with why and since when, and in its counters', async () => {
    const agent = await make()
    const run = await execute(agent)
    expect(await read(agent)).toMatchObject({ status: 'queued', counters: { activeRuns: 1 } })
    const assignment = await runner.take(run.id)
    await runner.send(assignment, { type: 'started' })
    expect(await read(agent)).toMatchObject({ status: 'running', statusReason: null })
    await runner.finish(assignment, 'SUCCEEDED')
    expect(await read(agent)).toMatchObject({
      status: 'idle',
      counters: { runs: 1, succeeded: 1, failed: 0, activeRuns: 0 }
    })
    expect((await app.call(listRuns, { query: { agentId: agent.slug } })).data.map(row => row.id)).toEqual([run.id])
  })

  test('goes on in one conversation, until it is restarted', async () => {
    const agent = await make()
    const first = await finished(agent)
    expect((await read(agent)).sessionRunId).toBe(first.run.id)
    const second = await finished(agent)
    expect(second.assignment.resume).toMatchObject({ sessionId: `s-${first.run.id}`, fork: false })
    expect(second.run).toMatchObject({ parentRunId: first.run.id, rootRunId: first.run.id })
    await app.call(restartAgent, path(agent))
    expect((await finished(agent)).assignment.resume).toBeNull()
  })

  test('done badly three times out of five makes it degraded, with the evidence', async () => {
    const agent = await make()
    for (const outcome of ['SUCCEEDED', 'FAILED', 'FAILED', 'FAILED'] as const) await finished(agent, outcome)
    expect(await read(agent)).toMatchObject({ status: 'degraded', statusReason: '3 of its last 4 runs failed' })
  })
})

describe('paused and archived', () => {
  const ways = [
    ['a launch', (agent: Agent) => app.call(launchRun, { body: { prompt: 'x', agentId: agent.id } })],
    ['an execution', (agent: Agent) => execute(agent)],
    ['a follow-up', (_: Agent, id: string) => app.call(followUpRun, { params: { id }, body: { prompt: 'on' } })],
    ['a fork', (_: Agent, id: string) => app.call(forkRun, { params: { id }, body: { prompt: 'on' } })],
    ['a retry', (_: Agent, id: string) => app.call(retryRun, { params: { id } })]
  ] as const

  test.each(ways)('%s does not make it work', async (_, way) => {
    const agent = await make()
    const { run } = await finished(agent)
    await app.call(stopAgent, path(agent))
    await expect(way(agent, run.id)).rejects.toThrow('AGENT_PAUSED')
    await app.call(archiveAgent, path(agent))
    await expect(way(agent, run.id)).rejects.toThrow('AGENT_ARCHIVED')
    expect((await app.call(listRuns, { query: { agentId: agent.id } })).data).toHaveLength(1)
  })

  test('it takes no work, says who and since when, and takes it again', async () => {
    const agent = await make()
    await app.call(stopAgent, path(agent))
    expect(await read(agent)).toMatchObject({ status: 'paused', statusReason: 'Paused by owner' })
    await expect(execute(agent)).rejects.toThrow('AGENT_PAUSED')
    await app.call(startAgent, path(agent))
    await runner.take((await execute(agent)).id)
    await app.call(archiveAgent, path(agent))
    await expect(execute(agent)).rejects.toThrow('AGENT_ARCHIVED')
    await expect(app.call(startAgent, path(agent))).rejects.toThrow('AGENT_ARCHIVED')
    const listed = async (status?: string) =>
      (await app.call(listAgents, { query: { limit: 500, ...(status ? { status } : {}) } })).data.some(
        row => row.id === agent.id
      )
    expect([await listed(), await listed('archived')]).toEqual([false, true])
    await app.call(restoreAgent, path(agent))
    expect(await listed()).toBe(true)
  })
})

test('the list filters by team and tag, pages, and counts what it filters', async () => {
  for (let n = 0; n < 3; n++) await make({ team: 'reds', tags: ['fast', `n${n}`] })
  const reds = await app.call(listAgents, { query: { team: 'reds', limit: 2 } })
  expect(reds.data).toHaveLength(2)
  expect(reds.pagination).toMatchObject({ total: 3, hasMore: true })
  const tagged = await app.call(listAgents, { query: { tag: 'n1' } })
  expect(tagged.data.map(agent => agent.tags)).toEqual([['fast', 'n1']])
})

test('its changes reach who follows the fleet', async () => {
  const agent = await make()
  await app.call(stopAgent, path(agent))
  const { data } = await app.call(streamChanges, { query: { after: 0 } })
  const own = data.filter(change => change.noun === 'agent' && change.id === agent.id)
  expect(own.at(-1)).toMatchObject({ op: 'changed', data: { status: 'paused' } })
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAudit } from '#contract/audit/audit'
import { removeDemo } from '#contract/demo'
import { getActivity } from '#contract/fleet/activity'
import { createAgent, executeAgent, getAgent, listAgents } from '#contract/fleet/agents'
import { createBudget, listBudgets } from '#contract/money/budgets'
import { getUsage } from '#contract/money/usage'
import { listApprovals } from '#contract/runs/approvals'
import { listRunEvents } from '#contract/runs/events'
import { launchRun, listRuns } from '#contract/runs/runs'
import { getSystem } from '#contract/system'
import { triggerFlow } from '#contract/work/flow-runs'
import { listFlows } from '#contract/work/flows'
import { listMessages } from '#contract/work/messages'
import { createTask, listEpics, listTasks } from '#contract/work/tasks'
import { demoAgents, demoFlows, demoLive, demoRuns, demoTasks, makeDemo } from '../kit/demo.ts'
import { untilStatus } from '../kit/events.ts'
import { join } from '../kit/people.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App

beforeEach(async () => {
  app = await startApp({ runner: true })
})
afterEach(() => app.close())

const figures = async () => ({
  agents: (await app.call(listAgents)).pagination.total,
  archived: (await app.call(listAgents, { query: { status: 'archived' } })).pagination.total,
  runs: (await app.call(listRuns)).pagination.total,
  byStatus: (await app.call(getSystem)).runs,
  approvals: (await app.call(listApprovals)).pagination.total,
  tasks: (await app.call(listTasks)).pagination.total,
  epics: (await app.call(listEpics)).data.length,
  flows: (await app.call(listFlows)).data.map(({ recent, status }) => ({ recent: recent.length, status })),
  messages: (await app.call(listMessages)).pagination.total,
  usage: (await app.call(getUsage, { query: { period: 'month', groupBy: 'day' } })).data,
  total: (await app.call(getUsage, { query: { period: 'month' } })).total,
  activity: (await app.call(getActivity)).data,
  demo: (await app.call(getSystem)).demo
})

test('an empty fleet is filled so that every screen shows something, with questions that truly wait', async () => {
  expect(await makeDemo(app)).toEqual({
    agents: demoAgents.length,
    runs: demoRuns.length + demoLive.length,
    tasks: demoTasks.length,
    epics: 2,
    flows: demoFlows.length
  })
  await expect.poll(async () => (await app.call(listApprovals, { query: { status: 'pending' } })).data.length).toBe(2)
  const { total, ...shown } = await figures()
  expect(shown).toMatchObject({ agents: demoAgents.length, runs: demoRuns.length + 3, epics: 2, demo: true })
  expect(total).toMatchObject({
    runs: demoRuns.length,
    failed: demoRuns.filter(run => run.outcome === 'FAILED').length
  })
  expect(total.costUsd).toBeCloseTo(demoRuns.reduce((sum, run) => sum + run.costUsd, 0))
  expect(shown.usage.length).toBeGreaterThan(4)
  expect(shown.activity.length).toBeGreaterThan(5)
  const statuses = (await app.call(listTasks)).data.map(task => task.status)
  expect(statuses.filter(status => status === 'done').length).toBe(3)
  const made = (await app.call(listAudit, { query: { limit: 500 } })).data.filter(
    entry => entry.action === 'agent.created'
  )
  expect(made.map(entry => entry.actor.via)).toEqual(demoAgents.map(() => 'POST /api/v1/demo'))
  const [ended] = (await app.call(listRuns, { query: { status: 'SUCCEEDED' } })).data
  const { data: events } = await app.call(listRunEvents, { params: { id: ended?.id ?? '' } })
  expect(events.map(event => event.kind)).toEqual(
    expect.arrayContaining(['user', 'assistant', 'tool_use', 'tool_result'])
  )
  expect(events.map(event => event.ts)).toEqual(events.map(event => event.ts).toSorted())
})

test('it goes without a trace, also after a restart, and nothing of anybody’s own goes with it', async () => {
  await app.call(createBudget, { body: { amount: 5, period: 'day', action: 'stop' } })
  const own = await app.call(launchRun, { body: { prompt: 'list', runtime: 'practice' } })
  await untilStatus(app, own.id, 'SUCCEEDED')
  await app.call(createTask, { body: { title: 'Mine', input: 'x' } })
  const budgets = (await app.call(listBudgets)).data
  const before = await figures()
  await makeDemo(app)
  await expect.poll(async () => (await app.call(listApprovals, { query: { status: 'pending' } })).data.length).toBe(2)
  expect((await app.call(listBudgets)).data.map(({ spent, state }) => [spent, state])).toEqual(
    budgets.map(({ spent, state }) => [spent, state])
  )
  const nightly = (await app.call(listFlows)).data.find(({ mode }) => mode === 'auto')
  const { runId } = await app.call(triggerFlow, { params: { id: nightly?.id ?? '' }, body: {} })
  await untilStatus(app, runId ?? '', 'SUCCEEDED')
  await app.restart()
  expect((await app.call(getSystem)).demo).toBe(true)
  expect(await app.call(removeDemo)).toEqual({ kept: [] })
  expect(await figures()).toEqual(before)
  const next = await app.call(launchRun, { body: { prompt: 'list', runtime: 'practice' } })
  await untilStatus(app, next.id, 'SUCCEEDED')
  expect((await makeDemo(app)).agents).toBe(demoAgents.length)
})

test('a demo agent that was given work of one’s own stays, with that work alone', async () => {
  await makeDemo(app)
  const run = await app.call(executeAgent, { params: { id: 'docs-quill' }, body: { prompt: 'list' } })
  await untilStatus(app, run.id, 'SUCCEEDED')
  const [epic] = (await app.call(listEpics)).data
  await app.call(createTask, { body: { title: 'Mine', input: 'x', epicId: epic?.id ?? '' } })
  expect(await app.call(removeDemo)).toEqual({ kept: ['docs-quill'] })
  expect((await app.call(listRuns)).data.map(({ id }) => id)).toEqual([run.id])
  expect((await app.call(listTasks)).data.map(({ title }) => title)).toEqual(['Mine'])
  expect((await app.call(listEpics)).data.map(({ id }) => id)).toEqual([epic?.id])
  expect((await app.call(getAgent, { params: { id: 'docs-quill' } })).name).toBe('docs-quill')
  expect((await app.call(getSystem)).demo).toBe(false)
})

test('a fleet with agents takes none, archived ones counted, and who is no admin may neither make nor remove it', async () => {
  const member = await join(app, 'member')
  expect((await app.request('POST', '/api/v1/demo', { token: member.token, body: {} })).status).toBe(403)
  expect((await app.request('DELETE', '/api/v1/demo', { token: member.token })).status).toBe(403)
  await app.call(createAgent, { body: { name: 'mine' } })
  const refused = await app.request('POST', '/api/v1/demo', { token: app.ownerToken, body: {} })
  expect([refused.status, refused.error.code]).toEqual([409, 'FLEET_NOT_EMPTY'])
  expect(await app.call(removeDemo)).toEqual({ kept: [] })
  expect((await app.call(listAgents)).pagination.total).toBe(1)
})

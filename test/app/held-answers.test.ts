import { afterEach, expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import { approve, getApproval, listApprovals, undoApproval } from '#contract/runs/approvals'
import { cancelRun, getRun, launchRun } from '#contract/runs/runs'
import { testClock } from '../kit/clock.ts'
import { eventsOf } from '../kit/events.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, type AppOptions, startApp } from '../kit/start-app.ts'

/** Longer than any test: what is held stays held. */
const held: AppOptions = { undoMs: 600_000 }

let app: App
let runner: RunnerClient
afterEach(() => app.close())

async function start(options: AppOptions): Promise<void> {
  app = await startApp(options)
  runner = await connectRunner(app)
}

async function asking(...commands: string[]): Promise<{ assignment: Assignment; ids: string[] }> {
  await app.call(launchRun, { body: { prompt: 'x' } })
  const assignment = await runner.claimOne()
  await runner.send(assignment, { type: 'started' })
  for (const command of commands) {
    await runner.send(assignment, {
      type: 'approval',
      key: command,
      kind: 'tool',
      tool: 'Bash',
      toolUseId: null,
      title: 'wants to run a command',
      subject: command,
      input: { command },
      reason: null
    })
  }
  const { data } = await app.call(listApprovals, { query: { status: 'pending', runId: assignment.runId } })
  return { assignment, ids: data.map(one => one.id) }
}

/** What a window sends: with the cookie of a login link. */
async function inWindow(path: string, body: unknown = {}) {
  const entered = await app.request('GET', new URL(app.loginLink()).pathname + new URL(app.loginLink()).search, {
    token: null
  })
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  return app.request('POST', `/api/v1/approvals/${path}`, { body, token: null, headers: { cookie, origin: app.url } })
}

const answers = async (assignment: Assignment, waitSeconds = 0) =>
  (await runner.commands({ active: [assignment], waitSeconds })).filter(command => command.type === 'answer')

const statesOf = async (runId: string) =>
  (await eventsOf(app, runId)).filter(event => event.kind === 'approval').map(event => event.data.state)

test('what a window decides is held and can be undone; the agent never hears of it', async () => {
  await start(held)
  const { assignment, ids } = await asking('rm -rf /')
  const decided = await inWindow(`${ids[0]}/approve`)
  expect(decided.body).toMatchObject({ status: 'approved', scope: 'once', decidedBy: 'owner' })
  expect(Date.parse((decided.body as { undoableUntil: string }).undoableUntil)).toBeGreaterThan(Date.now())
  expect((await app.call(getRun, { params: { id: assignment.runId } })).status).toBe('RUNNING')
  expect(await answers(assignment)).toEqual([])
  expect(await inWindow(`${ids[0]}/deny`)).toMatchObject({ status: 409 })

  expect((await inWindow(`${ids[0]}/undo`)).body).toMatchObject({
    status: 'pending',
    scope: null,
    decidedBy: null,
    decidedAt: null,
    undoableUntil: null
  })
  expect(await app.call(getRun, { params: { id: assignment.runId } })).toMatchObject({
    status: 'WAITING',
    statusReason: 'wants to run a command'
  })
  expect(await answers(assignment)).toEqual([])
  expect(await statesOf(assignment.runId)).toEqual(['requested'])
})

test('a denial that was undone can be allowed, once', async () => {
  await start(held)
  const { assignment, ids } = await asking('git push')
  await inWindow(`${ids[0]}/deny`, { reason: 'no' })
  await inWindow(`${ids[0]}/undo`)
  const allowed = await app.call(approve, { params: { id: ids[0] ?? '' } })
  expect(allowed).toMatchObject({ status: 'approved', denyReason: null, undoableUntil: null })
  expect(await answers(assignment)).toMatchObject([{ allow: true, message: null }])
  const late = await app.request('POST', `/api/v1/approvals/${ids[0]}/undo`, { body: {} })
  expect(late.error).toMatchObject({ code: 'APPROVAL_DECIDED', details: { status: 'approved' } })
})

test('a program’s decision is told at once', async () => {
  await start(held)
  const { assignment, ids } = await asking('ls')
  await app.call(approve, { params: { id: ids[0] ?? '' } })
  expect(await answers(assignment)).toMatchObject([{ key: 'ls', allow: true }])
})

test('after its time a held answer is told by itself, with its event, and the rule holds from then on', async () => {
  await start({ undoMs: 300 })
  const { assignment, ids } = await asking('npm test')
  await inWindow(`${ids[0]}/approve`, { scope: 'run', pattern: 'npm *' })
  expect(await answers(assignment, 20)).toMatchObject([{ key: 'npm test', allow: true }])
  expect(await statesOf(assignment.runId)).toEqual(['requested', 'approved'])
  expect(await app.call(getApproval, { params: { id: ids[0] ?? '' } })).toMatchObject({ undoableUntil: null })
  expect((await inWindow(`${ids[0]}/undo`)).status).toBe(409)
  await runner.send(assignment, {
    type: 'approval',
    key: 'lint',
    kind: 'tool',
    tool: 'Bash',
    toolUseId: null,
    title: 'wants to run a command',
    subject: 'npm run lint',
    input: {},
    reason: null
  })
  expect(await answers(assignment)).toMatchObject([{ key: 'npm test' }, { key: 'lint', allow: true }])
})

test('an undone rule is no rule', async () => {
  await start(held)
  const { assignment, ids } = await asking('make', 'make test')
  await inWindow(`${ids[0]}/approve`, { scope: 'run', pattern: '*' })
  await inWindow(`${ids[0]}/undo`)
  expect((await app.call(listApprovals, { query: { status: 'pending', runId: assignment.runId } })).data.length).toBe(
    ids.length
  )
})

test('a run that still waits for another answer goes on waiting', async () => {
  await start(held)
  const { assignment, ids } = await asking('one', 'two')
  await inWindow(`${ids[0]}/approve`)
  const status = async () => (await app.call(getRun, { params: { id: assignment.runId } })).status
  expect(await status()).toBe('WAITING')
  await inWindow(`${ids[1]}/approve`)
  expect(await status()).toBe('RUNNING')
  await inWindow(`${ids[0]}/undo`)
  expect(await status()).toBe('WAITING')
})

test('an agent that withdraws, or whose run ends, gets no held answer', async () => {
  await start(held)
  const { assignment, ids } = await asking('one', 'two')
  for (const id of ids) await inWindow(`${id}/approve`)
  await runner.send(assignment, { type: 'withdrawn', key: 'one' })
  await app.call(cancelRun, { params: { id: assignment.runId } })
  await runner.finish(assignment, 'CANCELLED')
  for (const id of ids)
    expect(await app.call(getApproval, { params: { id } })).toMatchObject({
      status: 'withdrawn',
      decidedBy: null,
      undoableUntil: null
    })
  expect((await inWindow(`${ids[0]}/undo`)).status).toBe(409)
})

test('held answers survive a restart, and are told however late it is', async () => {
  const clock = testClock()
  await start({ clock, undoMs: 5000 })
  const { assignment, ids } = await asking('npm publish')
  await inWindow(`${ids[0]}/approve`)
  clock.advance(3_600_000)
  await app.restart()
  await expect
    .poll(async () => (await app.call(getApproval, { params: { id: ids[0] ?? '' } })).undoableUntil)
    .toBe(null)
  expect(await statesOf(assignment.runId)).toContain('approved')
})

test('to undo what waits changes nothing; what is not there is not found', async () => {
  await start(held)
  const { ids } = await asking('ls')
  expect(await app.call(undoApproval, { params: { id: ids[0] ?? '' } })).toMatchObject({ status: 'pending' })
  const unknown = await app.request('POST', '/api/v1/approvals/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000/undo', { body: {} })
  expect(unknown.status).toBe(404)
})

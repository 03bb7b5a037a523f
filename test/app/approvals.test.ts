import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import { approve, deny, listApprovals, matchesPattern } from '#contract/runs/approvals'
import { cancelRun, getRun, launchRun } from '#contract/runs/runs'
import { getSystem } from '#contract/system'
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

async function running(): Promise<Assignment> {
  const { id } = await app.call(launchRun, { body: { prompt: 'x' } })
  const assignment = await runner.take(id)
  await runner.send(assignment, { type: 'started' })
  return assignment
}

function ask(key: string, subject = 'rm -rf build'): Draft {
  return {
    type: 'approval',
    key,
    kind: 'tool',
    tool: 'Bash',
    toolUseId: `toolu_${key}`,
    title: 'wants to run a command',
    subject,
    input: { command: subject },
    reason: null
  }
}

const pendingOf = async (runId: string) => (await app.call(listApprovals, { query: { status: 'pending', runId } })).data

const answersFor = async (assignment: Assignment) =>
  (await runner.commands({ active: [assignment] })).filter(
    command => command.type === 'answer' && command.runId === assignment.runId
  )

test('a run that asks waits, with the request in its log; allowing it lets it go on', async () => {
  const assignment = await running()
  await runner.send(assignment, ask('a'))
  expect(await app.call(getRun, { params: { id: assignment.runId } })).toMatchObject({
    status: 'WAITING',
    statusReason: 'wants to run a command'
  })
  const [approval] = await pendingOf(assignment.runId)
  if (!approval) throw new Error('no approval')
  expect(approval).toMatchObject({ tool: 'Bash', input: { command: 'rm -rf build' }, status: 'pending' })
  const decided = await app.call(approve, { params: { id: approval.id } })
  expect(decided).toMatchObject({ status: 'approved', scope: 'once', decidedBy: 'owner' })
  expect(await answersFor(assignment)).toMatchObject([{ key: 'a', allow: true, input: null }])
  const run = await app.call(getRun, { params: { id: assignment.runId } })
  expect(run.status).toBe('RUNNING')
  const events = await eventsOf(app, assignment.runId)
  expect(events.filter(event => event.kind === 'approval').map(event => event.data.state)).toEqual([
    'requested',
    'approved'
  ])
})

test('a denial carries its reason to the agent', async () => {
  const assignment = await running()
  await runner.send(assignment, ask('a'))
  const [approval] = await pendingOf(assignment.runId)
  await app.call(deny, { params: { id: approval?.id ?? '' }, body: { reason: 'not on a Friday' } })
  expect(await answersFor(assignment)).toMatchObject([{ allow: false, message: 'not on a Friday' }])
})

test('it is decided once: the second answer is refused and shows the first', async () => {
  const assignment = await running()
  await runner.send(assignment, ask('a'))
  const [approval] = await pendingOf(assignment.runId)
  const path = `/api/v1/approvals/${approval?.id}`
  const answers = await Promise.all([
    app.request('POST', `${path}/approve`, { body: {} }),
    app.request('POST', `${path}/deny`, { body: {} })
  ])
  expect(answers.map(answer => answer.status).sort()).toEqual([200, 409])
  const refused = answers.find(answer => answer.status === 409)
  expect(refused?.error).toMatchObject({ code: 'APPROVAL_DECIDED', details: { id: approval?.id } })
  expect(await answersFor(assignment)).toHaveLength(1)
})

test('several open requests: the run goes on when the last one is answered', async () => {
  const assignment = await running()
  await runner.send(assignment, ask('a'), ask('b'))
  const [first, second] = await pendingOf(assignment.runId)
  await app.call(approve, { params: { id: first?.id ?? '' } })
  expect((await app.call(getRun, { params: { id: assignment.runId } })).status).toBe('WAITING')
  await app.call(approve, { params: { id: second?.id ?? '' } })
  expect((await app.call(getRun, { params: { id: assignment.runId } })).status).toBe('RUNNING')
})

test('an edited input reaches the agent instead of what it asked for', async () => {
  const assignment = await running()
  await runner.send(assignment, ask('a'))
  const [approval] = await pendingOf(assignment.runId)
  await app.call(approve, { params: { id: approval?.id ?? '' }, body: { input: { command: 'ls' } } })
  expect(await answersFor(assignment)).toMatchObject([{ allow: true, input: { command: 'ls' } }])
})

test('allowed for the run, the same request is answered by the rule; another one still asks', async () => {
  const assignment = await running()
  await runner.send(assignment, ask('a', 'npm test'))
  const [approval] = await pendingOf(assignment.runId)
  await app.call(approve, { params: { id: approval?.id ?? '' }, body: { scope: 'run', pattern: 'npm *' } })
  await runner.send(assignment, ask('b', 'npm run lint'), ask('c', 'git push'))
  const open = await pendingOf(assignment.runId)
  expect(open.map(one => one.input)).toEqual([{ command: 'git push' }])
  expect(await answersFor(assignment)).toMatchObject([{ key: 'a' }, { key: 'b', allow: true }])
  const other = await running()
  await runner.send(other, ask('a', 'npm test'))
  expect(await pendingOf(other.runId)).toHaveLength(1)
})

test.each(['npm test', 'ls *'])(
  'allowed for the run without a pattern, it is this request alone: %s',
  async subject => {
    const assignment = await running()
    await runner.send(assignment, ask('a', subject))
    const [approval] = await pendingOf(assignment.runId)
    await app.call(approve, { params: { id: approval?.id ?? '' }, body: { scope: 'run' } })
    await runner.send(assignment, ask('b', subject), ask('c', `${subject} x`), ask('d', 'ls /'))
    expect((await pendingOf(assignment.runId)).map(one => one.subject)).toEqual([`${subject} x`, 'ls /'])
  }
)

test('withdrawn by the agent, or by the end of its run, it can no longer be answered', async () => {
  const assignment = await running()
  await runner.send(assignment, ask('a'), { type: 'withdrawn', key: 'a' })
  expect(await pendingOf(assignment.runId)).toEqual([])
  expect((await app.call(getRun, { params: { id: assignment.runId } })).status).toBe('RUNNING')
  await runner.send(assignment, ask('b'))
  const [approval] = await pendingOf(assignment.runId)
  await app.call(cancelRun, { params: { id: assignment.runId } })
  await runner.finish(assignment, 'CANCELLED')
  const late = await app.request('POST', `/api/v1/approvals/${approval?.id}/approve`, { body: {} })
  expect(late.error).toMatchObject({ code: 'APPROVAL_DECIDED', message: 'It is withdrawn already' })
})

test('what waits is counted, oldest first', async () => {
  const before = (await app.call(getSystem)).pendingApprovals
  const assignment = await running()
  await runner.send(assignment, ask('a', 'one'), ask('b', 'two'))
  const system = await app.call(getSystem)
  expect(system.pendingApprovals).toBe(before + 2)
  expect(system.oldestPendingApprovalAt).not.toBeNull()
  const { data, pagination } = await app.call(listApprovals, { query: { status: 'pending' } })
  expect(pagination.total).toBe(before + 2)
  const times = data.map(approval => approval.createdAt)
  expect(times).toEqual([...times].sort())
})

test('what was decided is listed apart, latest first, of all runs and of one', async () => {
  const assignment = await running()
  for (const key of ['one', 'two', 'three']) await runner.send(assignment, ask(key, key))
  const [first, second] = await pendingOf(assignment.runId)
  await app.call(approve, { params: { id: first?.id ?? '' } })
  await app.call(deny, { params: { id: second?.id ?? '' } })
  const query = { status: 'decided', runId: assignment.runId } as const
  const own = await app.call(listApprovals, { query })
  expect(own.data.map(one => [one.subject, one.status])).toEqual([
    ['two', 'denied'],
    ['one', 'approved']
  ])
  expect(own.pagination.total).toBe(2)
  const all = await app.call(listApprovals, { query: { status: 'decided', limit: 500 } })
  expect(all.pagination.total).toBe(all.data.length)
  expect(all.data.every(one => one.status !== 'pending')).toBe(true)
})

test('the log of a run tells what was answered to a question, and of nothing else', async () => {
  const assignment = await running()
  const one = { questions: [{ question: 'When?' }] }
  const two = { questions: [{ question: 'Where?' }, { question: 'Who?' }] }
  await runner.send(
    assignment,
    { ...ask('one'), kind: 'question', input: one } as Draft,
    { ...ask('two'), kind: 'question', input: two } as Draft,
    ask('tool')
  )
  const [first, second, third] = await pendingOf(assignment.runId)
  const allow = (approval: { id: string } | undefined, input?: Record<string, unknown>) =>
    app.call(approve, { params: { id: approval?.id ?? '' }, body: { input } })
  await allow(first, { ...one, answers: { 'When?': 'Now' } })
  await allow(second, { ...two, answers: { 'Where?': 'Here', 'Who?': 'Me' } })
  await allow(third, { command: 'ls', answers: { 'No?': 'question' } })
  const decided = (await eventsOf(app, assignment.runId)).filter(({ data }) => data.state === 'approved')
  expect(decided.map(({ data }) => data.answer)).toEqual(['Now', 'Where? Here\nWho? Me', undefined])
})

test.each([
  ['npm *', 'npm test', true],
  ['npm *', 'npx test', false],
  ['*', 'anything', true],
  ['git * --dry-run', 'git push --dry-run', true],
  ['git * --dry-run', 'git push', false],
  ['a*a', 'a', false],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['ls', 'ls -l', false],
  ['(.*)', 'x', false]
])('pattern %s on %s: %s', (pattern, subject, expected) => {
  expect(matchesPattern(pattern, subject)).toBe(expected)
})

describe('asking again under the same key', () => {
  const states = async ({ runId }: Assignment) =>
    (await app.call(listApprovals, { query: { runId } })).data.map(one => [one.kind, one.status])
  const approved = async ({ runId }: Assignment) => {
    const [approval] = await pendingOf(runId)
    await app.call(approve, { params: { id: approval?.id ?? '' } })
  }
  const denied = async ({ runId }: Assignment) => {
    const [approval] = await pendingOf(runId)
    await app.call(deny, { params: { id: approval?.id ?? '' }, body: { reason: 'no' } })
  }

  test.each<[string, (assignment: Assignment) => Promise<unknown>, string]>([
    ['while it waits', async () => {}, 'pending'],
    ['after it was allowed', approved, 'pending'],
    ['after it was denied', denied, 'denied'],
    ['after it was withdrawn', assignment => runner.send(assignment, { type: 'withdrawn', key: 'a' }), 'pending']
  ])('%s is one request, however often', async (_, between, status) => {
    const assignment = await running()
    await runner.send(assignment, ask('a'))
    await between(assignment)
    await runner.send(assignment, ask('a'))
    await runner.send(assignment, ask('a'), ask('a'))
    expect(await states(assignment)).toEqual([['tool', status]])
    await app.call(cancelRun, { params: { id: assignment.runId } })
  })

  test('in one breath is one request', async () => {
    const assignment = await running()
    await runner.send(assignment, ask('a'), ask('a'), ask('b'), ask('a'))
    expect(await states(assignment)).toEqual([
      ['tool', 'pending'],
      ['tool', 'pending']
    ])
  })
})

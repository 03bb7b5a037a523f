import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '#contract/audit/audit'
import { createAgent } from '#contract/fleet/agents'
import type { Assignment } from '#contract/runners/runner-protocol'
import { approve, deny, getApproval, listApprovals, withdrawTrust } from '#contract/runs/approvals'
import { cancelRun, followUpRun, getRun, launchRun, type Run, retryRun } from '#contract/runs/runs'
import type { TrustQuestion } from '#contract/runs/trust'
import { createTask, runTask } from '#contract/work/tasks'
import { eventsOf } from '../kit/events.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
let runner: RunnerClient
let made = 0
beforeAll(async () => {
  app = await startApp()
  runner = await connectRunner(app, { capacity: 1000 })
})
afterAll(() => app.close())

const folderOf = () => `/work-here/project-${++made}`
const of = ({ id }: { id: string }) => ({ params: { id } })

function question(folder: string, letter = 'a', more: Partial<TrustQuestion> = {}): TrustQuestion {
  return {
    folder,
    runtime: 'claude-code',
    content: letter.repeat(64),
    acts: [
      { kind: 'hook', title: 'A hook acts when a turn ends', detail: 'x', path: '.claude/settings.json', line: 3 }
    ],
    files: [{ path: '.claude/settings.json', text: `{"${letter}":1}` }],
    ...more
  }
}

/** Launches a run; its runner finds settings that act by themselves and asks. */
async function asks(folder: string, letter = 'a', body: Record<string, unknown> = {}): Promise<Run> {
  const run = await app.call(launchRun, { body: { prompt: 'go', cwd: folder, ...body } })
  await askAbout(await runner.take(run.id), question(folder, letter))
  return run
}

const askAbout = (assignment: Assignment, input: TrustQuestion) =>
  runner.send(assignment, {
    type: 'approval',
    key: `trust-${input.content}`,
    kind: 'trust',
    tool: 'claude-code',
    toolUseId: null,
    title: 'found settings in project that act by themselves',
    subject: input.folder,
    input,
    reason: null
  })

const statusOf = async (run: Run) => (await app.call(getRun, of(run))).status

async function pending(run: Run) {
  const { data } = await app.call(listApprovals, { query: { status: 'pending', runId: run.id } })
  if (!data[0]) throw new Error('nothing is asked')
  return data[0]
}

/** What its runner was answered, and what its log says of it. */
async function outcome(run: Run) {
  const commands = await runner.commands()
  const answers = commands.filter(command => command.type === 'answer' && command.runId === run.id)
  const said = (await eventsOf(app, run.id)).filter(({ data }) => data.subtype === 'folder-settings')
  return { answers: answers.map(answer => 'allow' in answer && answer.allow), said: said.map(({ message }) => message) }
}

const trust = async (run: Run, letter = 'a') =>
  app.call(approve, { ...of(await pending(run)), body: { content: letter.repeat(64) } })

describe('a run of a person', () => {
  test('waits before its start, and starts once its content is trusted', async () => {
    const run = await asks(folderOf())
    expect(await app.call(getRun, of(run))).toMatchObject({ status: 'WAITING', startedAt: null })
    expect(await pending(run)).toMatchObject({
      kind: 'trust',
      input: { ...question(`/work-here/project-${made}`), before: null }
    })
    await trust(run)
    expect(await statusOf(run)).toBe('CLAIMED')
    expect(await outcome(run)).toEqual({ answers: [true], said: [] })
  })

  test('that was refused goes on without, and says so', async () => {
    const run = await asks(folderOf())
    await app.call(deny, { ...of(await pending(run)), body: { reason: 'not here' } })
    expect(await statusOf(run)).toBe('CLAIMED')
    expect(await outcome(run)).toEqual({ answers: [false], said: [expect.stringContaining('Goes on without')] })
  })

  test('can be cancelled while it waits', async () => {
    const run = await asks(folderOf())
    await app.call(cancelRun, of(run))
    expect((await runner.commands()).at(-1)).toMatchObject({ type: 'cancel', runId: run.id })
  })

  test('whose runner lost it while it waited is queued again: nothing had started', async () => {
    const own = await connectRunner(app, { identity: '0198a1c2-0000-7000-8000-00000000aaaa', allowedDirs: ['/own'] })
    const run = await app.call(launchRun, { body: { prompt: 'x', cwd: '/own/x', runnerId: own.runnerId } })
    const assignment = await own.claimOne()
    await own.send(assignment, {
      type: 'approval',
      key: 'k',
      kind: 'trust',
      tool: 'claude-code',
      toolUseId: null,
      title: 'found settings',
      subject: '/own/x',
      input: question('/own/x'),
      reason: null
    })
    expect(await statusOf(run)).toBe('WAITING')
    await connectRunner(app, { identity: '0198a1c2-0000-7000-8000-00000000aaaa', allowedDirs: ['/own'] })
    expect(await statusOf(run)).toBe('QUEUED')
    expect((await app.call(listApprovals, { query: { runId: run.id } })).data).toMatchObject([{ status: 'withdrawn' }])
  })
})

describe('what was decided is remembered by content', () => {
  test.each([
    ['trusted', true, /The settings of this folder take effect\. .+ trusted this content on 20/],
    ['refused', false, /Goes on without the settings of this folder\. .+ refused this content on 20/]
  ] as const)('%s: the next run in that folder goes on at once and says why', async (_, allow, words) => {
    const folder = folderOf()
    const first = await asks(folder)
    if (allow) await trust(first)
    else await app.call(deny, of(await pending(first)))
    for (const body of [{}, { trust: 'never' }]) {
      const next = await asks(folder, 'a', body)
      expect(await statusOf(next)).toBe('CLAIMED')
      expect(await outcome(next)).toEqual({ answers: [allow], said: [expect.stringMatching(words)] })
    }
  })

  test('another content, folder or runtime asks again, beside what was trusted last', async () => {
    const folder = folderOf()
    await trust(await asks(folder))
    const changed = await asks(folder, 'b')
    expect(await pending(changed)).toMatchObject({
      input: { before: { content: 'a'.repeat(64), files: [{ text: '{"a":1}' }] } }
    })
    expect(await statusOf(await asks(folderOf()))).toBe('WAITING')
    const other = await app.call(launchRun, { body: { prompt: 'x', cwd: folder } })
    await askAbout(await runner.take(other.id), question(folder, 'a', { runtime: 'another' }))
    expect(await statusOf(other)).toBe('WAITING')
  })

  test('until it is withdrawn; what runs goes on', async () => {
    const folder = folderOf()
    const run = await asks(folder)
    const { id } = await pending(run)
    await trust(run)
    await app.call(withdrawTrust, of({ id }))
    expect(await app.call(getApproval, of({ id }))).toMatchObject({ status: 'approved' })
    expect(await statusOf(await asks(folder))).toBe('WAITING')
    await expect(app.call(withdrawTrust, of({ id }))).rejects.toThrow('NOT_FOUND')
  })

  test('with who did it', async () => {
    const folder = folderOf()
    await trust(await asks(folder))
    const { data } = await app.call(listAudit, { query: { limit: 20 } })
    expect(data.map(({ action }) => action)).toContain('folder-trust.created')
  })
})

describe('what starts by itself never waits', () => {
  test('a run with trust "never", and what a person has tried again of it', async () => {
    const run = await asks(folderOf(), 'a', { trust: 'never' })
    expect(await statusOf(run)).toBe('CLAIMED')
    expect(await outcome(run)).toEqual({
      answers: [false],
      said: [expect.stringContaining('does not wait for a person')]
    })
    expect((await app.call(listApprovals, { query: { runId: run.id } })).data).toEqual([])
  })

  test('the run of a task; a person who retries it is asked', async () => {
    const folder = folderOf()
    const agent = await app.call(createAgent, { body: { name: `Tasked ${made}`, cwd: folder } })
    const task = await app.call(createTask, { body: { title: 'x', input: 'x', assigneeId: agent.id } })
    const run = await app.call(runTask, of(task))
    const assignment = await runner.take(run.id)
    await askAbout(assignment, question(folder))
    expect(await statusOf(run)).toBe('CLAIMED')
    await runner.send(assignment, { type: 'started' }, { type: 'facts', facts: { sessionId: run.id, cwd: folder } })
    await runner.finish(assignment, 'SUCCEEDED')
    const retried = await app.call(retryRun, of(run))
    await askAbout(await runner.take(retried.id), question(folder))
    expect(await statusOf(retried)).toBe('WAITING')
    const followed = await app.call(followUpRun, { ...of(run), body: { prompt: 'more' } })
    await askAbout(await runner.take(followed.id), question(folder))
    expect(await statusOf(followed)).toBe('WAITING')
  })
})

describe('trust is not given by accident', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['nothing', {}, 'content'],
    ['another content', { content: 'b'.repeat(64) }, 'content'],
    ['a rule for the run', { content: 'a'.repeat(64), scope: 'run' }, 'scope'],
    ['a pattern', { content: 'a'.repeat(64), pattern: '*' }, 'scope'],
    ['another input', { content: 'a'.repeat(64), input: {} }, 'scope']
  ])('an approval that names %s is refused', async (_, body, field) => {
    const run = await asks(folderOf())
    const { id } = await pending(run)
    const answer = await app.request('POST', `/api/v1/approvals/${id}/approve`, { body })
    expect(answer.status).toBe(400)
    expect(answer.error.field).toBe(field)
    expect(await statusOf(run)).toBe('WAITING')
  })

  test('no other request takes a content', async () => {
    const run = await app.call(launchRun, { body: { prompt: 'x', cwd: '/work-here' } })
    const assignment = await runner.take(run.id)
    await runner.send(
      assignment,
      { type: 'started' },
      {
        type: 'approval',
        key: 'k',
        kind: 'tool',
        tool: 'Bash',
        toolUseId: null,
        title: 'x',
        subject: 'ls',
        input: {},
        reason: null
      }
    )
    const { id } = await pending(run)
    await expect(app.call(approve, { ...of({ id }), body: { content: 'a'.repeat(64) } })).rejects.toThrow('content')
  })

  test('a runner that does not say what it found gets none', async () => {
    const folder = folderOf()
    const run = await app.call(launchRun, { body: { prompt: 'x', cwd: folder } })
    await askAbout(await runner.take(run.id), { ...question(folder), content: 'short' })
    expect(await outcome(run)).toMatchObject({ answers: [false] })
  })
})

test('asked again under its key it is one request, also after it was decided', async () => {
  const folder = folderOf()
  const run = await app.call(launchRun, { body: { prompt: 'go', cwd: folder } })
  const assignment = await runner.take(run.id)
  const asked = async () => (await app.call(listApprovals, { query: { runId: run.id } })).data.length
  for (const decide of [
    trust,
    trust,
    (one: Run) => pending(one).then(row => app.call(deny, { ...of(row), body: {} }))
  ]) {
    await askAbout(assignment, question(folder))
    await askAbout(assignment, question(folder))
    await decide(run)
    expect(await asked()).toBe(1)
  }
  await askAbout(assignment, question(folder))
  expect(await asked()).toBe(1)
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAgent, executeAgent } from '#contract/fleet/agents'
import { deleteRun, type Run } from '#contract/runs/runs'
import { search } from '#contract/runs/search'
import { join, type Person } from '../kit/people.ts'
import { connectRunner, type Draft, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
let runner: RunnerClient
let ada: Person & { token: string }
let eve: Person & { token: string }
let agentId: string

beforeAll(async () => {
  app = await startApp()
  runner = await connectRunner(app, { capacity: 10 })
  ada = await join(app, 'member')
  eve = await join(app, 'member')
  agentId = (await app.call(createAgent, { body: { name: 'Kestrel', runtime: 'claude-code' } }, ada.token)).id
})
afterAll(() => app.close())

const event = (kind: 'assistant' | 'tool_use' | 'tool_result', message: string, data = {}): Draft => ({
  type: 'event',
  kind,
  message,
  data
})

/** A run that says something and ends. */
async function saidBy(token: string, prompt: string, ...drafts: Draft[]): Promise<Run> {
  const run = await app.call(executeAgent, { params: { id: agentId }, body: { prompt, continue: false } }, token)
  const assignment = await runner.take(run.id)
  await runner.send(assignment, { type: 'started' }, ...drafts)
  await runner.finish(assignment, 'SUCCEEDED', { result: `done with ${prompt}` })
  return run
}

type Query = Record<string, string | number>
const find = (q: string, more: Query = {}, token = ada.token) => app.call(search, { query: { q, ...more } }, token)
const numbers = async (q: string, more: Query = {}, token = ada.token) =>
  (await find(q, more, token)).runs.map(({ run }) => run.number)

test('what was said a moment ago is found where it stands, by who may see it and nobody else', async () => {
  const run = await saidBy(
    ada.token,
    'Mend the refunds',
    event('tool_use', 'Bash: vitest', {
      toolUseId: 't',
      tool: 'Bash',
      toolKind: 'command',
      argument: 'vitest keys',
      input: { command: 'vitest keys -t idempotencyKey' }
    }),
    event('tool_result', '', { toolUseId: 't', isError: false, text: 'the idempotency key was claimed twice' })
  )
  await expect.poll(() => numbers('"idempotency key" claim')).toEqual([run.number])
  const { hits, runs, next, index } = await find('idempotency key')
  expect(hits.map(({ runId, kind, toolKind, about }) => [runId, kind, toolKind, about])).toEqual([
    [run.id, 'tool_result', null, null],
    [run.id, 'tool_use', 'command', 'Bash vitest keys']
  ])
  expect(hits[0]?.excerpt.filter(({ hit }) => hit).map(({ text }) => text)).toEqual(['idempotency', 'key'])
  expect(runs).toMatchObject([{ run: { id: run.id, agentId }, hits: 2 }])
  expect([next, index.complete, index.rebuilt]).toEqual([null, true, null])
  // The prompt and the result are events as well.
  expect((await find('refunds', { kind: 'user,result' })).hits.map(({ kind }) => kind)).toEqual(['result', 'user'])

  expect((await find('idempotency key', {}, eve.token)).hits).toEqual([])
  expect(await numbers('idempotency key', {}, app.ownerToken)).toEqual([run.number])
  const hidden = await app.request('GET', `/api/v1/search?q=key&runId=${run.id}`, { token: eve.token })
  expect([hidden.status, hidden.error.code]).toEqual([404, 'NOT_FOUND'])
  const agents = await app.request('GET', `/api/v1/search?q=key&agentId=${agentId}`, { token: eve.token })
  expect([agents.status, agents.error.field]).toEqual([400, 'agentId'])
})

test('it is found page by page, and no longer once it is deleted or let go', async () => {
  const runs: Run[] = []
  for (const n of [1, 2, 3]) runs.push(await saidBy(ada.token, `Sweep ${n}`, event('assistant', `broom ${n}, broom`)))
  const [first, second, third] = runs as [Run, Run, Run]
  await expect.poll(() => numbers('broom')).toEqual([third.number, second.number, first.number])
  const page = await find('broom', { limit: 2 })
  expect(page.runs.map(({ run }) => run.id)).toEqual([third.id, second.id])
  expect(await numbers('broom', { limit: 2, cursor: page.next ?? '' })).toEqual([first.number])

  await app.call(deleteRun, { params: { id: third.id } }, ada.token)
  expect(await numbers('broom')).toEqual([second.number, first.number])
  await app.restart()
  expect(await numbers('broom')).toEqual([second.number, first.number])
})

test('what cannot be looked for is refused in words that name the field', async () => {
  const refused = async (query: string) => {
    const { status, error } = await app.request('GET', `/api/v1/search?${query}`)
    return [status, error.field, error.message]
  }
  expect(await refused('q=%22%22+OR+*')).toEqual([
    400,
    'q',
    'q: say a word or a "phrase" to look for; signs alone are not found'
  ])
  expect(await refused(`q=${'w+'.repeat(900)}`)).toEqual([400, 'q', expect.stringContaining('at most 32')])
  expect((await refused(`q=${'w'.repeat(3000)}`)).slice(0, 2)).toEqual([400, 'q'])
  expect((await app.request('GET', `/api/v1/search?q=${'word+'.repeat(10_000)}`)).status).toBe(431)
  expect(await refused('q=w&kind=thought')).toEqual([400, 'kind', expect.stringContaining('no kind "thought"')])
  expect((await refused('q=w&cursor=x')).slice(0, 2)).toEqual([400, 'cursor'])
  // Words that stand everywhere, and whatever a person may type, are only looked for.
  for (const q of ['the and of', `'; DROP TABLE said --`, 'NEAR(a b)', '"never closed', 'a:b ^c {d} *'])
    expect((await app.request('GET', `/api/v1/search?q=${encodeURIComponent(q)}`)).status).toBe(200)
})

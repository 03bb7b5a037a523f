import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAgent, executeAgent, getAgent, listAgents } from '#contract/fleet/agents'
import { listSecrets, setSecret } from '#contract/fleet/secrets'
import { getUsage } from '#contract/money/usage'
import { createKey } from '#contract/people/keys'
import { deleteUser } from '#contract/people/users'
import { listApprovals } from '#contract/runs/approvals'
import { launchRun, listRuns } from '#contract/runs/runs'
import { getSystem } from '#contract/system'
import { createFlow, listFlows } from '#contract/work/flows'
import { listMessages, sendMessage } from '#contract/work/messages'
import { createTask, listTasks } from '#contract/work/tasks'
import { endpoints } from '../kit/endpoints.ts'
import { join, type Person } from '../kit/people.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
let runner: RunnerClient
let ada: Person & { token: string }
let eve: Person & { token: string }
let admin: Person & { token: string }

/** What Ada has, by the noun of its address. */
const hers: Record<string, string> = {}

beforeAll(async () => {
  app = await startApp()
  runner = await connectRunner(app, { capacity: 10 })
  ada = await join(app, 'member')
  eve = await join(app, 'member')
  admin = await join(app, 'admin')
  const agent = await app.call(createAgent, { body: { name: 'Hers', runtime: 'claude-code' } }, ada.token)
  hers.agents = agent.id
  const run = await app.call(executeAgent, { params: { id: agent.id }, body: { prompt: 'secret work' } }, ada.token)
  hers.runs = run.id
  const task = { title: 'secret task', input: 'x', assigneeId: agent.id }
  const flow = { title: 'secret flow', prompt: 'x', agentId: agent.id, triggers: [{ type: 'webhook' }] }
  hers.flows = (await app.call(createFlow, { body: flow }, ada.token)).id
  hers.tasks = (await app.call(createTask, { body: task }, ada.token)).id
  await app.call(setSecret, { body: { key: 'HER_KEY', value: 'v', scope: 'agent', agentId: agent.id } }, ada.token)
  await app.call(sendMessage, { body: { to: agent.id, text: 'secret words' } }, ada.token)
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
      title: 'Run a command',
      subject: 'ls',
      input: {},
      reason: null
    }
  )
  hers.approvals = (await app.call(listApprovals)).data[0]?.id ?? ''
})
afterAll(() => app.close())

const idOf = (path: string) => hers[/^\/api\/v1\/(\w+)\/:id/.exec(path)?.[1] ?? '']
/** Every endpoint about one of the things that Ada has. */
const about = endpoints
  .filter(({ scope }) => scope !== 'runner')
  .filter(({ path }) => /^\/api\/v1\/(agents|runs|tasks|flows|approvals)\/:id/.test(path))
/** What an endpoint must be asked with. */
const queries: Record<string, string> = { searchRunEvents: '?words=word', listRunHunks: '?path=/a' }
const bodies: Record<string, unknown> = {
  executeAgent: { prompt: 'x' },
  followUpRun: { prompt: 'x' },
  forkRun: { prompt: 'x' },
  addRunInput: { text: 'x' },
  changeRun: { model: 'x' },
  changeRunInput: { text: 'x' },
  markRunFileViewed: { path: '/a', viewed: true },
  judgeRunHunks: { files: [{ path: '/a', hunks: null }], verdict: 'kept' },
  addReviewComment: { path: '/a', side: 'new', line: 1, text: 'x' },
  changeReviewComment: { text: 'x' }
}

describe('what another person does with my agent', () => {
  test('its runs are mine to see, with what they ask and say; the other’s own are not', async () => {
    // An app of its own: the counts of the others are theirs.
    const app = await startApp()
    const runner = await connectRunner(app, { capacity: 10 })
    const [ada, eve, admin] = await Promise.all([join(app, 'member'), join(app, 'member'), join(app, 'admin')])
    const agent = await app.call(createAgent, { body: { name: 'Mine', runtime: 'claude-code' } }, ada.token)
    const run = await app.call(
      executeAgent,
      { params: { id: agent.id }, body: { prompt: 'for the admin', continue: false } },
      admin.token
    )
    const own = await app.call(launchRun, { body: { prompt: 'of the admin alone' } }, admin.token)
    const assignment = await runner.take(run.id)
    await runner.send(
      assignment,
      { type: 'started' },
      {
        type: 'approval',
        key: 'other',
        kind: 'tool',
        tool: 'Bash',
        toolUseId: null,
        title: 'Run a command',
        subject: 'pwd',
        input: {},
        reason: null
      }
    )
    const seen = async (token: string) => {
      const runs = (await app.call(listRuns, {}, token)).data.map(({ id }) => id)
      const approvals = (await app.call(listApprovals, {}, token)).data.map(({ runId }) => runId)
      const one = (await app.request('GET', `/api/v1/runs/${run.id}`, { token })).status
      const events = (await app.request('GET', `/api/v1/runs/${run.id}/events`, { token })).status
      return [runs.includes(run.id), approvals.includes(run.id), one, events, runs.includes(own.id)]
    }
    expect(await seen(ada.token)).toEqual([true, true, 200, 200, false])
    expect(await seen(eve.token)).toEqual([false, false, 404, 404, false])
    expect(await seen(admin.token)).toEqual([true, true, 200, 200, true])
    await app.close()
  })
})

describe('what belongs to another person', () => {
  test('there is much that could give it away', () => {
    expect(about.length).toBeGreaterThan(20)
  })

  test.each(about.map(endpoint => [endpoint.id, endpoint] as const))(
    '%s: is not there, to the letter',
    async (id, { method, path }) => {
      const inner = path.replace(':n', '1').replace(':pid', '1').replace(':image', '0'.repeat(64))
      const address = `${inner.replace(/:(keptId|commentId)/, '00000000-0000-7000-8000-000000000001')}${queries[id] ?? ''}`
      const body = bodies[id] ?? {}
      const send = (target: string) =>
        app.request(method, address.replace(':id', target), {
          token: eve.token,
          ...(method === 'GET' ? {} : { body })
        })
      const known = idOf(path) ?? ''
      const unknown = '00000000-0000-7000-8000-0000000000ff'
      const [hidden, missing] = [await send(known), await send(unknown)]
      expect([hidden.status, hidden.error.code]).toEqual([404, 'NOT_FOUND'])
      expect(hidden.text.replaceAll(known, '')).toBe(missing.text.replaceAll(unknown, ''))
    }
  )

  test('stands in no list and no count, but in those of its owner and of admins', async () => {
    const seen = async (token: string) => ({
      agents: (await app.call(listAgents, {}, token)).pagination.total,
      runs: (await app.call(listRuns, {}, token)).pagination.total,
      tasks: (await app.call(listTasks, {}, token)).pagination.total,
      flows: (await app.call(listFlows, {}, token)).pagination.total,
      approvals: (await app.call(listApprovals, {}, token)).pagination.total,
      secrets: (await app.call(listSecrets, {}, token)).data.length,
      messages: Math.min(1, (await app.call(listMessages, {}, token)).pagination.total),
      live: (await app.call(getSystem, {}, token)).runs.WAITING,
      pending: (await app.call(getSystem, {}, token)).pendingApprovals
    })
    const figures = Object.keys(await seen(ada.token))
    const each = (count: unknown) => Object.fromEntries(figures.map(figure => [figure, count]))
    expect(await seen(eve.token)).toEqual(each(0))
    expect(await seen(ada.token)).toEqual(each(1))
    // They see what other tests made as well.
    const some = each(expect.toSatisfy((count: number) => count >= 1))
    expect(await seen(admin.token)).toEqual(some)
    expect(await seen(app.ownerToken)).toEqual(some)
  })

  test('cannot be named in what one makes', async () => {
    const agentId = hers.agents
    for (const [path, body, field] of [
      ['/api/v1/runs', { prompt: 'x', agentId }, 'agentId'],
      ['/api/v1/tasks', { title: 't', input: 'x', assigneeId: agentId }, 'assigneeId'],
      ['/api/v1/tasks', { title: 't', input: 'x', dependsOn: [hers.tasks] }, 'dependsOn'],
      ['/api/v1/flows', { title: 'f', prompt: 'x', agentId }, 'agentId'],
      ['/api/v1/messages', { to: agentId, text: 'x' }, 'to'],
      ['/api/v1/messages', { text: 'x', taskId: hers.tasks }, 'taskId'],
      ['/api/v1/agents', { name: 'Spy', managerId: agentId }, 'managerId'],
      ['/api/v1/secrets', { key: 'A', value: 'x', scope: 'agent', agentId }, 'agentId']
    ] as const) {
      const answer = await app.request('POST', path, { token: eve.token, body })
      expect([path, answer.status, answer.error.field]).toEqual([path, 400, field])
    }
  })

  test.each(['/api/v1/runs', '/api/v1/messages', '/api/v1/usage', '/api/v1/costs'])(
    'is no filter of %s either',
    async path => {
      const name = path.endsWith('messages') ? 'agent' : 'agentId'
      const ask = (agent: string) => app.request('GET', `${path}?${name}=${agent}`, { token: eve.token })
      const [hidden, missing] = [await ask(hers.agents ?? ''), await ask('nobody')]
      expect(hidden.status).toBeGreaterThanOrEqual(400)
      expect([hidden.status, hidden.text.replaceAll(hers.agents ?? '', '')]).toEqual([
        missing.status,
        missing.text.replaceAll('nobody', '')
      ])
    }
  )

  test('uses tokens that are not counted for others', async () => {
    const rows = async (token: string) => (await app.call(getUsage, { query: { groupBy: 'agent' } }, token)).data
    expect(await rows(eve.token)).toEqual([])
  })

  test('is not told by the stream of changes, nor by the socket', async () => {
    const { text } = await app.request('GET', '/api/v1/stream?after=0', { token: eve.token })
    for (const id of Object.values(hers)) expect(text).not.toContain(id)
    expect(text).not.toContain('HER_KEY')
    const own = await app.request('GET', '/api/v1/stream?after=0', { token: ada.token })
    for (const id of Object.values(hers)) expect(own.text).toContain(id)
    expect(await heard(eve.token)).toEqual({ changes: 0, answer: 'error' })
    expect((await heard(ada.token)).answer).toBe('event')
  })

  /** What a socket says of Ada's things, from the beginning, and to who follows her run. */
  async function heard(token: string): Promise<{ changes: number; answer: string }> {
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/ws?after=0`, {
      headers: { authorization: `Bearer ${token}` }
    })
    const lines: string[] = []
    const answer = await new Promise<string>(resolve => {
      socket.on('open', () => socket.send(JSON.stringify({ type: 'follow', runId: hers.runs, after: 0 })))
      socket.on('message', data => {
        for (const line of String(data).split('\n').filter(Boolean)) {
          lines.push(line)
          const { type } = JSON.parse(line) as { type: string }
          if (type === 'event' || type === 'error') resolve(type)
        }
      })
    })
    socket.close()
    return {
      changes: lines.filter(line => line.includes('"change"') && line.includes(hers.agents ?? '?')).length,
      answer
    }
  }
})

test('how far one sees is for the role to say, whatever a key may do', async () => {
  const { key } = await app.call(createKey, { body: { name: 'small', scopes: ['read'] } }, admin.token)
  expect((await app.call(listAgents, {}, key)).data.map(agent => agent.id)).toContain(hers.agents)
})

test('a run without an agent is seen by who launched it', async () => {
  const { token } = await join(app, 'member')
  const { id } = await app.call(launchRun, { body: { prompt: 'mine', runtime: 'claude-code' } }, token)
  expect((await app.call(listRuns, {}, token)).data.map(run => run.id)).toEqual([id])
  expect((await app.request('GET', `/api/v1/runs/${id}`, { token: ada.token })).status).toBe(404)
  expect((await app.request('GET', `/api/v1/runs/${id}/events`, { token: ada.token })).status).toBe(404)
})

test('what somebody has goes to who removes them', async () => {
  const gone = await join(app, 'member')
  const { id } = await app.call(createAgent, { body: { name: 'Orphan' } }, gone.token)
  await app.call(deleteUser, { params: { id: gone.id } }, admin.token)
  expect((await app.call(getAgent, { params: { id } })).ownerId).toBe(admin.id)
})

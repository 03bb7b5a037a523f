import { generateSync } from 'otplib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AuditEntry, listAudit } from '#contract/audit/audit'
import * as data from '#contract/data'
import { plantDemo, removeDemo } from '#contract/demo'
import type { Endpoint } from '#contract/endpoint'
import { importAgents } from '#contract/fleet/agent-files'
import {
  archiveAgent,
  changeAgent,
  createAgent,
  executeAgent,
  restartAgent,
  restoreAgent,
  startAgent,
  stopAgent
} from '#contract/fleet/agents'
import { changeMcp, createMcp, deleteMcp, testMcp } from '#contract/fleet/mcps'
import { deleteSecret, setSecret } from '#contract/fleet/secrets'
import { changeBudget, createBudget, deleteBudget } from '#contract/money/budgets'
import { changeWorkforce } from '#contract/money/workforce'
import { createKey, deleteKey } from '#contract/people/keys'
import * as logins from '#contract/people/login'
import { changeUser, createUser, deleteUser } from '#contract/people/users'
import { createPairing, deletePairing, redeemPairing } from '#contract/runners/pairings'
import { registerRunner, reportDaemons } from '#contract/runners/runner-protocol'
import { deleteRunner, installRuntime, refreshRuntimes } from '#contract/runners/runners'
import { approve, deny, undoApproval, withdrawTrust } from '#contract/runs/approvals'
import { stopRunDaemon } from '#contract/runs/daemons'
import * as runs from '#contract/runs/runs'
import { receiveWebhook, triggerFlow } from '#contract/work/flow-runs'
import * as flows from '#contract/work/flows'
import { sendMessage } from '#contract/work/messages'
import * as tasks from '#contract/work/tasks'
import { testClock } from '../kit/clock.ts'
import { endpoints } from '../kit/endpoints.ts'
import { reviewMutations } from '../kit/git/reviewed.ts'
import { answerMcpCheck, asksForTrust, connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const clock = testClock()
const marker = 'marker-value-that-must-not-be-kept'
let app: App
let runner: RunnerClient

beforeAll(async () => {
  app = await startApp({ clock })
  runner = await connectRunner(app)
})
afterAll(() => app.close())

async function entries(query: Record<string, string | number> = {}): Promise<AuditEntry[]> {
  return (await app.call(listAudit, { query: { limit: 500, ...query } })).data
}

type Parts = { params?: Record<string, string | number>; query?: Record<string, string>; body?: unknown }
const id = (thing: unknown) => (thing as { id: string }).id
const agent = async (name: string) => (await app.call(createAgent, { body: { name } })).id
const launched = async () => (await app.call(runs.launchRun, { body: { prompt: 'x', runtime: 'claude-code' } })).id
const held = async () => {
  const runId = await launched()
  const assignment = await runner.take(runId)
  await runner.send(assignment, { type: 'started' })
  return assignment
}
const ended = async () => {
  const assignment = await held()
  await runner.send(assignment, { type: 'facts', facts: { sessionId: `session-${assignment.runId}` } })
  await runner.finish(assignment, 'SUCCEEDED')
  return assignment.runId
}
const withDaemon = async () => {
  const runId = await ended()
  const { runnerId, incarnation } = runner
  const body = { runnerId, incarnation, daemons: [{ pid: 7, started: '1', command: marker }] }
  await app.call(reportDaemons, { params: { id: runId }, body })
  return runId
}
async function decidedInWindow(): Promise<string> {
  const id = await asked()
  const link = new URL(app.loginLink())
  const entered = await app.request('GET', link.pathname + link.search, { token: null })
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  await app.request('POST', `/api/v1/approvals/${id}/approve`, { body: {}, token: null, headers: { cookie } })
  return id
}
/** A folder whose own settings a person let act, by the approval that said so. */
const trusted = async () => {
  const runId = await launched()
  const assignment = await runner.take(runId)
  const content = 'a'.repeat(64)
  await runner.send(assignment, asksForTrust(content))
  const { body } = await app.request('GET', `/api/v1/approvals?status=pending&runId=${runId}`)
  const approvalId = (body as { data: { id: string }[] }).data[0]?.id ?? ''
  await app.call(approve, { params: { id: approvalId }, body: { content } })
  return approvalId
}
const asked = async () => {
  const assignment = await held()
  await runner.send(assignment, {
    type: 'approval',
    key: 'k',
    kind: 'tool',
    tool: 'Bash',
    toolUseId: null,
    title: 'Run a command',
    subject: 'ls',
    input: {},
    reason: null
  })
  const { body } = await app.request('GET', `/api/v1/approvals?runId=${assignment.runId}`)
  return (body as { data: { id: string }[] }).data[0]?.id ?? ''
}
const mcpBody = {
  name: 'Files',
  transport: 'http',
  url: `https://me:${marker}@host/mcp?key=${marker}`,
  env: { A: marker }
}
const named = (name: string) => app.call(createMcp, { body: { ...mcpBody, name } }).then(id)
let secret = ''
/** Of the authenticator that the owner enrolled; anew where it is not in force. */
const nextCode = async () => {
  clock.advance(30_000)
  // It is there all the time.
  await runner.commands({ waitSeconds: 0 })
  if (!(await twoSteps())) secret = (await app.call(logins.enrolMfa)).secret
  return generateSync({ secret, epoch: clock.now() / 1000 })
}
const twoSteps = async () => (await app.call(logins.getMe)).user.mfaEnabled
const withTwoSteps = async (wanted: boolean) => {
  if ((await twoSteps()) !== wanted)
    await app.call(wanted ? logins.confirmMfa : logins.disableMfa, { body: { code: await nextCode() } })
}
let people = 0
const person = () => app.call(createUser, { body: { email: `person${++people}@example.com` } }).then(id)
const newTask = () => app.call(tasks.createTask, { body: { title: 'T', input: marker } }).then(id)
const newBudget = () => app.call(createBudget, { body: { amount: 1000 } }).then(id)
const flowBody = async () => {
  const agentId = await agent(`Doer ${++people}`)
  return { title: 'F', prompt: marker, agentId, triggers: [{ type: 'webhook' }] }
}
const newFlow = async () => app.call(flows.createFlow, { body: await flowBody() })
const newHook = async () => {
  const { id, triggers } = await newFlow()
  return { id, triggerId: triggers[0]?.id ?? '' }
}
const stopped = async (name: string) => {
  const id = await agent(name)
  await app.call(stopAgent, { params: { id } })
  return id
}
const newEpic = () => app.call(tasks.createEpic, { body: { title: 'E' } }).then(id)
const withInput = async () => {
  const { runId } = await held()
  const { n } = await app.call(runs.addInput, { params: { id: runId }, body: { text: marker } })
  return { id: runId, n }
}

const backedUp = async () => (await app.call(data.makeBackup)).name
const restoreOf = async (name: string) => app.call(data.restoreBackup, { body: { name } })

/** How each mutating endpoint is made to change something, and what is then written down. */
const mutations: [Endpoint, string, () => Promise<Parts>][] = [
  [createAgent, 'agent.created', async () => ({ body: { name: 'Nova' } })],
  [changeAgent, 'agent.changed', async () => ({ params: { id: await agent('Rex') }, body: { role: 'Cook' } })],
  [archiveAgent, 'agent.archived', async () => ({ params: { id: await agent('Old') } })],
  [stopAgent, 'agent.paused', async () => ({ params: { id: await agent('Busy') } })],
  [startAgent, 'agent.active', async () => ({ params: { id: await stopped('Lazy') } })],
  [restartAgent, 'agent.active', async () => ({ params: { id: await stopped('Stuck') } })],
  [
    restoreAgent,
    'agent.active',
    async () => {
      const params = { id: await agent('Gone') }
      await app.call(archiveAgent, { params })
      return { params }
    }
  ],
  [
    executeAgent,
    'run.created',
    async () => ({ params: { id: await agent('Hand') }, body: { prompt: marker, runtime: 'claude-code' } })
  ],
  [runs.launchRun, 'run.created', async () => ({ body: { prompt: marker, runtime: 'claude-code' } })],
  [runs.changeRun, 'run.changed', async () => ({ params: { id: await launched() }, body: { permissionMode: 'plan' } })],
  [runs.cancelRun, 'run.cancelled', async () => ({ params: { id: await launched() } })],
  [stopRunDaemon, 'runner-command.created', async () => ({ params: { id: await withDaemon(), pid: 7 } })],
  ...reviewMutations({ app: () => app, runner: () => runner, held, clock, marker }),
  [runs.followUpRun, 'run.created', async () => ({ params: { id: await ended() }, body: { prompt: 'on' } })],
  [runs.forkRun, 'run.created', async () => ({ params: { id: await ended() }, body: { prompt: 'on' } })],
  [runs.retryRun, 'run.created', async () => ({ params: { id: await ended() } })],
  [runs.deleteRun, 'run.deleted', async () => ({ params: { id: await ended() } })],
  [runs.addInput, 'input.created', async () => ({ params: { id: (await held()).runId }, body: { text: marker } })],
  [runs.changeInput, 'input.changed', async () => ({ params: await withInput(), body: { text: `${marker}!` } })],
  [runs.deleteInput, 'input.deleted', async () => ({ params: await withInput() })],
  [approve, 'approval.approved', async () => ({ params: { id: await asked() }, body: { scope: 'run' } })],
  [deny, 'approval.denied', async () => ({ params: { id: await asked() }, body: { reason: 'no' } })],
  [withdrawTrust, 'folder-trust.deleted', async () => ({ params: { id: await trusted() } })],
  [undoApproval, 'approval.pending', async () => ({ params: { id: await decidedInWindow() } })],
  [tasks.createTask, 'task.created', async () => ({ body: { title: 'T', input: marker } })],
  [tasks.changeTask, 'task.changed', async () => ({ params: { id: await newTask() }, body: { priority: 'high' } })],
  [tasks.deleteTask, 'task.deleted', async () => ({ params: { id: await newTask() } })],
  [
    tasks.runTask,
    'run.created',
    async () => {
      const params = { id: await newTask() }
      await app.call(tasks.changeTask, { params, body: { assigneeId: await agent('Doer') } })
      return { params }
    }
  ],
  [importAgents, 'agent.created', async () => ({ body: { agents: [{ name: 'Brought' }] } })],
  [tasks.createEpic, 'epic.created', async () => ({ body: { title: 'E' } })],
  [tasks.changeEpic, 'epic.changed', async () => ({ params: { id: await newEpic() }, body: { title: 'F' } })],
  [tasks.deleteEpic, 'epic.deleted', async () => ({ params: { id: await newEpic() } })],
  [flows.createFlow, 'flow.created', async () => ({ body: await flowBody() })],
  [flows.changeFlow, 'flow.changed', async () => ({ params: { id: await newFlow().then(id) }, body: { title: 'G' } })],
  [flows.deleteFlow, 'flow.deleted', async () => ({ params: { id: await newFlow().then(id) } })],
  [flows.newWebhookSecret, 'flow-trigger.changed', async () => ({ params: await newHook() })],
  [triggerFlow, 'run.created', async () => ({ params: { id: await newFlow().then(id) }, body: {} })],
  [sendMessage, 'message.created', async () => ({ body: { text: marker } })],
  [setSecret, 'secret.created', async () => ({ body: { key: 'TOKEN', value: marker } })],
  [
    deleteSecret,
    'secret.deleted',
    async () => {
      await app.call(setSecret, { body: { key: 'OTHER', value: marker } })
      return { params: { key: 'OTHER' } }
    }
  ],
  [createMcp, 'mcp.created', async () => ({ body: mcpBody })],
  [changeMcp, 'mcp.changed', async () => ({ params: { id: await named('Two') }, body: { env: { A: 'else' } } })],
  [deleteMcp, 'mcp.deleted', async () => ({ params: { id: await named('Three') } })],
  [
    testMcp,
    'runner-command.created',
    async () => {
      void answerMcpCheck(app, runner, { ok: true, tools: [] })
      return { params: { id: await named('Four') } }
    }
  ],
  [createPairing, 'pairing.created', async () => ({ body: { name: 'far' } })],
  [deletePairing, 'pairing.deleted', async () => ({ params: { id: id(await app.call(createPairing, { body: {} })) } })],
  [createKey, 'key.created', async () => ({ body: { name: 'k', style: 'flotilla' } })],
  [
    deleteKey,
    'key.deleted',
    async () => ({ params: { id: id(await app.call(createKey, { body: { name: 'k2', style: 'flotilla' } })) } })
  ],
  [createUser, 'user.created', async () => ({ body: { email: 'new@example.com', password: marker } })],
  [changeUser, 'user.changed', async () => ({ params: { id: await person() }, body: { password: marker } })],
  [
    logins.createToken,
    'session.created',
    async () => {
      // The first one makes the control plane make its signing key.
      await app.call(logins.createToken)
      return {}
    }
  ],
  [
    logins.deleteSession,
    'session.deleted',
    async () => {
      await app.call(logins.createToken)
      return { params: { id: (await app.call(logins.listSessions)).data[0]?.id ?? '' } }
    }
  ],
  [
    logins.enrolMfa,
    'user.changed',
    async () => {
      await withTwoSteps(false)
      return {}
    }
  ],
  [
    logins.confirmMfa,
    'user.changed',
    async () => {
      await withTwoSteps(false)
      return { body: { code: await nextCode() } }
    }
  ],
  [
    logins.disableMfa,
    'user.changed',
    async () => {
      await withTwoSteps(true)
      return { body: { code: await nextCode() } }
    }
  ],
  [deleteUser, 'user.deleted', async () => ({ params: { id: await person() } })],
  [createBudget, 'budget.created', async () => ({ body: { amount: 5 } })],
  [changeBudget, 'budget.changed', async () => ({ params: { id: await newBudget() }, body: { amount: 6 } })],
  [changeWorkforce, 'setting.created', async () => ({ body: { humanMinutesPerSuccess: 20 } })],
  [deleteBudget, 'budget.deleted', async () => ({ params: { id: await newBudget() } })],
  [logins.changeMe, 'user.changed', async () => ({ body: { email: 'owner@example.com' } })],
  [logins.createLoginLink, 'login-link.created', async () => ({})],
  [installRuntime, 'runner-command.created', async () => ({ params: { id: runner.runnerId, runtime: 'claude-code' } })],
  [refreshRuntimes, 'runner-command.created', async () => ({ params: { id: runner.runnerId } })],
  [
    deleteRunner,
    'runner.deleted',
    async () => {
      const other = await connectRunner(app, { name: 'other' })
      await other.leave()
      return { params: { id: other.runnerId } }
    }
  ],
  // Its rules wake the scheduler, which then notices that the test moved the clock.
  [data.changeRetention, 'setting.created', async () => ({ body: { messageDays: 30 } })],
  // What is said of them stands in settings, which the first of a kind makes.
  [
    data.makeBackup,
    'setting.changed',
    async () => {
      await backedUp()
      return {}
    }
  ],
  [
    data.restoreBackup,
    'setting.changed',
    async () => {
      await restoreOf(await backedUp())
      return { body: { name: await backedUp() } }
    }
  ],
  [
    data.cancelRestore,
    'setting.changed',
    async () => {
      await restoreOf(await backedUp())
      return {}
    }
  ],
  [data.deleteBackup, 'setting.created', async () => ({ params: { name: await backedUp() } })]
]

/** Those that change nothing: they carry events, heartbeats and answers, look at engines, or act on the own cookie, see below. */
const others = [
  'claimRuns',
  'pollRunnerCommands',
  'runnerHeartbeat',
  'leaveRunner',
  'sendRunEvents',
  'finishRun',
  'answerQuestion',
  'reportRunDaemons',
  'fetchRunImage',
  'refreshEngines',
  'markRunFileViewed',
  'testEngine',
  registerRunner.id,
  logins.logout.id,
  logins.login.id,
  logins.verifyMfa.id
]

/** Only a fleet without agents takes them: demo.test.ts; or whoever signs or has a code: flows.test.ts, pairing.test.ts. */
const forNobody = [plantDemo.id, removeDemo.id, receiveWebhook.id, redeemPairing.id]

test('every mutating endpoint is among those that are tried', () => {
  const mutating = endpoints.filter(({ method }) => method !== 'GET').map(endpoint => endpoint.id)
  expect([...mutations.map(([endpoint]) => endpoint.id), ...others, ...forNobody].sort()).toEqual(mutating.sort())
})

test.each(mutations.map(one => [one[0].id, ...one] as const))(
  '%s is written down',
  async (_, endpoint, action, prepare) => {
    const parts = await prepare()
    const before = (await entries({ limit: 1 }))[0]?.seq ?? 0
    await app.call(endpoint, parts)
    // What falls due meanwhile is the scheduler's own.
    const fresh = (await entries()).filter(entry => entry.seq > before && entry.actor.kind !== 'scheduler')
    expect(fresh.map(entry => entry.action)).toContain(action)
    for (const entry of fresh)
      expect(entry).toMatchObject({
        actor: { kind: 'owner', ip: '127.0.0.1', via: `${endpoint.method} ${endpoint.path}` },
        outcome: 'ok',
        ts: new Date(clock.now()).toISOString()
      })
    expect(JSON.stringify(fresh)).not.toContain(marker)
  }
)

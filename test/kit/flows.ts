import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { changeRetention } from '#contract/data'
import { createAgent } from '#contract/fleet/agents'
import type { Assignment, Outcome } from '#contract/runners/runner-protocol'
import { type Approval, listApprovals } from '#contract/runs/approvals'
import { cancelRun, listRuns } from '#contract/runs/runs'
import { type FlowRun, getFlowRun, listFlowRuns, triggerFlow } from '#contract/work/flow-runs'
import { changeFlow, createFlow, type Flow, getFlow, listFlows } from '#contract/work/flows'
import { type TestClock, testClock } from './clock.ts'
import { connectRunner, type RunnerClient } from './runner-client.ts'
import { type App, startApp } from './start-app.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
const start = Date.parse('2026-03-10T12:00:30Z')

type Wish = Record<string, unknown>

/** What the tests of flows share: a control plane, a runner that does what it is told, and for each test an agent of its own. */
interface Around {
  app: App
  clock: TestClock
  runner: RunnerClient
  agentId: string
}

let agents = 0

/** Fills in what is there, before each test. */
function aroundEach(apart: boolean): Around {
  const the = {} as Around
  async function open(): Promise<void> {
    the.clock = testClock(start)
    the.app = await startApp({ clock: the.clock, undoMs: 0 })
    the.runner = await connectRunner(the.app, { capacity: 100 })
  }
  const close = () => the.app.close()
  if (!apart) {
    beforeAll(open)
    afterEach(() => clear(the.app))
    afterAll(close)
  }
  beforeEach(async () => {
    if (apart) await open()
    the.clock.set(start - the.clock.now())
    const body = { name: `Nova ${++agents}`, cwd: '/work-here/nova' }
    the.agentId = (await the.app.call(createAgent, { body })).id
  })
  if (apart) afterEach(close)
  return the
}

/** Nothing of a test starts or runs in the next one. */
async function clear(app: App): Promise<void> {
  for (const { id } of (await app.call(listFlows)).data)
    await app.call(changeFlow, { params: { id }, body: { status: 'archived' } })
  for (const { id, endedAt } of (await app.call(listRuns)).data)
    if (endedAt === null) await app.call(cancelRun, { params: { id }, body: {} })
}

/**
 * `apart`: each test has a control plane of its own; otherwise they share one. The time of day is the same at the
 * beginning of each.
 */
export function withFlows({ apart }: { apart: boolean }) {
  const the = aroundEach(apart)

  const make = (more: Wish = {}): Promise<Flow> =>
    the.app.call(createFlow, { body: { title: 'Sweep', prompt: 'sweep it', agentId: the.agentId, ...more } })
  const hourly = (more: Wish = {}) =>
    make({ triggers: [{ type: 'schedule', cron: '0 * * * *', timezone: 'UTC' }], ...more })
  const read = ({ id }: Flow) => the.app.call(getFlow, { params: { id } })
  const change = ({ id }: Flow, body: Wish) => the.app.call(changeFlow, { params: { id }, body })
  const trigger = ({ id }: Flow, variables = {}) => the.app.call(triggerFlow, { params: { id }, body: { variables } })
  const rows = async ({ id }: Flow): Promise<FlowRun[]> => (await the.app.call(listFlowRuns, { params: { id } })).data
  const again = ({ flowId, id }: FlowRun) => the.app.call(getFlowRun, { params: { id: flowId, runId: id } })
  const runsOf = async ({ id }: Flow) => (await the.app.call(listRuns, { query: { flowId: id } })).data

  /** The time of day passes; whoever sleeps until then looks again when something tells that duties may be due. */
  async function pass(ms: number): Promise<void> {
    the.clock.set(ms)
    await the.app.call(changeRetention, { body: {} })
  }

  /** Waits until the rows of a flow, newest first, are these. */
  async function expectRows(flow: Flow, ...expected: object[]): Promise<FlowRun[]> {
    await expect.poll(() => rows(flow), { timeout: 20_000 }).toMatchObject(expected)
    return await rows(flow)
  }

  async function work(runId: string | null, outcome: Outcome = 'SUCCEEDED', result = 'swept'): Promise<void> {
    const assignment = await the.runner.take(runId ?? '')
    await the.runner.send(assignment, { type: 'started' })
    await finish(assignment, outcome, result)
  }

  async function finish(assignment: Assignment, outcome: Outcome, result = 'swept'): Promise<void> {
    const error = { code: 'MODEL_ERROR', message: 'the model is away' }
    await the.runner.finish(assignment, outcome, outcome === 'FAILED' ? { error } : { result })
  }

  /** What a flow asks a person now. */
  async function asks(flow: Flow): Promise<Approval[]> {
    const { data } = await the.app.call(listApprovals, { query: { status: 'pending' } })
    return data.filter(approval => approval.flowId === flow.id)
  }
  async function waitsFor(flow: Flow): Promise<Approval> {
    const [asked] = await asks(flow)
    if (!asked) throw new Error('nothing is asked')
    return asked
  }

  return {
    the,
    make,
    hourly,
    read,
    change,
    trigger,
    rows,
    again,
    runsOf,
    pass,
    expectRows,
    work,
    finish,
    asks,
    waitsFor
  }
}

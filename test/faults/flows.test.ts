import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { approve, listApprovals } from '#contract/runs/approvals'
import { listRuns } from '#contract/runs/runs'
import { type FlowRun, listFlowRuns, triggerFlow } from '#contract/work/flow-runs'
import { createFlow, type Flow, listFlows } from '#contract/work/flows'
import { type Headless, startHeadless } from '../kit/headless.ts'

const inTime = { timeout: 30_000, interval: 20 }
let living: Headless

beforeEach(async () => {
  living = await startHeadless({ args: ['--no-runner'] })
})
afterEach(async () => {
  await living.kill('SIGKILL')
  rmSync(living.app.dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

async function makeFlows(count: number, more: Record<string, unknown>): Promise<Flow[]> {
  const { id: agentId } = await living.app.call(createAgent, { body: { name: 'Nova' } })
  const flows: Flow[] = []
  for (let n = 0; n < count; n++)
    flows.push(await living.app.call(createFlow, { body: { title: `F${n}`, prompt: 'x', agentId, ...more } }))
  return flows
}

const rowsOf = async ({ id }: Flow): Promise<FlowRun[]> =>
  (await living.app.call(listFlowRuns, { params: { id } })).data
const runs = async () => (await living.app.call(listRuns, { query: { limit: 500 } })).data

/** Each tick that is said to have a run has one of its own, and no run is without its tick. */
async function expectOneRunEach(flows: readonly Flow[]): Promise<void> {
  const ticks = (await Promise.all(flows.map(rowsOf))).flat()
  const launched = ticks.flatMap(({ runId }) => runId ?? [])
  expect(launched.toSorted()).toEqual((await runs()).map(({ id }) => id).toSorted())
}

test('killed while scheduled flows start: each tick is taken up once, with its run, and none is lost', async () => {
  const flows = await makeFlows(120, { cronExpression: '0 0 1 1 *', timezone: 'UTC' })
  await living.kill('SIGKILL')
  // Their time has come while nothing ran.
  const dueAt = Math.floor(Date.now() / 1000) * 1000
  const db = new Sqlite(join(living.app.dataDir, 'flotilla.db'))
  db.prepare('UPDATE flow_triggers SET next_at = ?').run(dueAt)
  db.close()
  living = await living.again()
  await expect.poll(async () => (await runs()).length, inTime).toBeGreaterThan(0)
  await living.kill('SIGKILL')
  living = await living.again()
  await expect.poll(async () => (await runs()).length, inTime).toBe(120)
  for (const flow of flows)
    expect(await rowsOf(flow)).toMatchObject([{ dueAt: new Date(dueAt).toISOString(), status: 'approved', attempt: 1 }])
  await expectOneRunEach(flows)
  expect(
    (await living.app.call(listFlows, { query: { limit: 500 } })).data.every(flow => flow.nextRunAt !== null)
  ).toBe(true)
})

test('killed right after a person approved: what was approved starts once, what was not still asks', async () => {
  const flows = await makeFlows(40, { mode: 'always_ask' })
  for (const { id } of flows) await living.app.call(triggerFlow, { params: { id }, body: {} })
  const { data: asked } = await living.app.call(listApprovals, { query: { status: 'pending', limit: 100 } })
  const answers = await Promise.all(
    asked.slice(0, 20).map(async ({ id, flowId }, n) => {
      const approved = living.app.call(approve, { params: { id }, body: {} }).then(
        () => flowId,
        () => null
      )
      // Some of them are under way.
      if (n === 10) setImmediate(() => living.process.kill('SIGKILL'))
      return await approved
    })
  )
  await living.kill('SIGKILL')
  living = await living.again()
  const approved = async () =>
    (await living.app.call(listApprovals, { query: { status: 'approved', limit: 100 } })).data.map(
      ({ flowId }) => flowId
    )
  // What was answered is kept, and what is kept starts.
  const kept = await approved()
  expect(kept).toEqual(expect.arrayContaining(answers.filter(flowId => flowId !== null)))
  await expect.poll(async () => (await runs()).length, inTime).toBe(kept.length)
  await expectOneRunEach(flows)
  const pending = await living.app.call(listApprovals, { query: { status: 'pending', limit: 100 } })
  expect(pending.pagination.total).toBe(40 - kept.length)
})

import { randomUUID } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import type { Assignment } from '#contract/runners/runner-protocol'
import { approve, deny, listApprovals } from '#contract/runs/approvals'
import { cancelRun, launchRun } from '#contract/runs/runs'
import { testClock } from '../kit/clock.ts'
import { eventsOf } from '../kit/events.ts'
import { connectRunner, type Draft } from '../kit/runner-client.ts'
import { type App, type AppOptions, startApp, temporaryFolder } from '../kit/start-app.ts'

const open: App[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(app => app.close()))
})

async function start(options: AppOptions = {}): Promise<App> {
  const app = await startApp(options)
  open.push(app)
  return app
}

/** A copy of the data as it is now, to be started later. */
async function backup(app: App): Promise<string> {
  const folder = temporaryFolder()
  const store = new Database(join(app.dataDir, 'flotilla.db'), { readonly: true })
  await store.backup(join(folder, 'flotilla.db'))
  store.close()
  copyFileSync(join(app.dataDir, 'data.key'), join(folder, 'data.key'))
  return folder
}

const say = (message: string): Draft => ({ type: 'event', kind: 'assistant', message, data: {} })
const asks = (key: string): Draft => ({
  type: 'approval',
  key,
  kind: 'tool',
  tool: 'Bash',
  toolUseId: null,
  title: 'wants to run a command',
  subject: key,
  input: {},
  reason: null
})
const identity = randomUUID()

async function running(app: App) {
  const runner = await connectRunner(app, { identity })
  const run = await app.call(launchRun, { body: { prompt: 'x' } })
  const assignment = await runner.claimOne()
  await runner.send(assignment, { type: 'started' })
  return { runner, run, assignment }
}

const cancel = (app: App, { runId }: Assignment) => app.call(cancelRun, { params: { id: runId } })

/** Sends items under numbers of its own, as a runner does that was told of others before. */
const sendItems = (app: App, runner: { runnerId: string; incarnation: string }, run: Assignment, items: object[]) =>
  app.request('POST', `/api/v1/runner/runs/${run.runId}/events`, {
    body: { runnerId: runner.runnerId, incarnation: runner.incarnation, attempt: run.attempt, items }
  })
const ts = new Date().toISOString()

test('a runner that lived on hears the first command after an older backup was put back', async () => {
  const app = await start()
  const { runner, assignment } = await running(app)
  const folder = await backup(app)
  await cancel(app, assignment)
  const [last] = await runner.commands({ active: [assignment] })
  await app.close()
  open.splice(0)
  const earlier = await start({ dataDir: folder })
  const again = await connectRunner(earlier, { identity, lastCommand: last?.id ?? 0 }, [assignment])
  await cancel(earlier, assignment)
  const told = await again.commands({ after: last?.id ?? 0, active: [assignment] })
  expect(told).toMatchObject([{ type: 'cancel', runId: assignment.runId }])
})

test('so does one that hears it before it registered anew, with the clock of the control plane set back', async () => {
  const app = await start({ clock: testClock(Date.parse('2026-06-01T00:00:00Z')) })
  const { runner, assignment } = await running(app)
  const folder = await backup(app)
  await cancel(app, assignment)
  const [last] = await runner.commands({ active: [assignment] })
  const earlier = await start({ dataDir: folder, clock: testClock() })
  await cancel(earlier, assignment)
  const again = await connectRunner(earlier, { identity, lastCommand: last?.id ?? 0 }, [assignment])
  const told = await again.commands({ after: last?.id ?? 0, active: [assignment] })
  expect(told).toMatchObject([{ type: 'cancel', runId: assignment.runId }])
})

test('a run goes on behind what its store does not know any more, and says so', async () => {
  const app = await start()
  const { runner, assignment } = await running(app)
  const folder = await backup(app)
  await runner.send(assignment, say('two'), say('three'))
  const earlier = await start({ dataDir: folder })
  const again = await connectRunner(earlier, { identity }, [assignment])
  expect(again.registration.resume).toMatchObject([{ runId: assignment.runId, acked: 1 }])
  const refused = await sendItems(earlier, again, assignment, [{ ...say('four'), n: 4, ts }])
  expect(refused.error).toMatchObject({ code: 'EVENT_GAP', details: { acked: 1 } })
  const stands = [
    { type: 'missing', n: 2, upTo: 3 },
    { ...say('four'), n: 4, ts }
  ]
  for (let n = 0; n < 2; n++) expect((await sendItems(earlier, again, assignment, stands)).body).toEqual({ acked: 4 })
  const events = await eventsOf(earlier, assignment.runId)
  expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
  expect(events.slice(-2)).toMatchObject([
    { kind: 'system', data: { subtype: 'missing', from: 2, to: 3 } },
    { kind: 'assistant', message: 'four' }
  ])
})

test('what an agent still waits for is asked again, and a refusal that got lost is told again', async () => {
  const app = await start()
  const { runner, assignment } = await running(app)
  await runner.send(assignment, asks('allowed'), asks('refused'))
  for (const { id, subject } of (await app.call(listApprovals, { query: { status: 'pending' } })).data)
    if (subject === 'allowed') await app.call(approve, { params: { id }, body: { scope: 'once' } })
    else await app.call(deny, { params: { id }, body: {} })
  const folder = await backup(app)
  await runner.send(assignment, asks('after'))
  const earlier = await start({ dataDir: folder })
  const again = await connectRunner(earlier, { identity, lastCommand: 2 ** 50 }, [assignment])
  await sendItems(earlier, again, assignment, [
    { type: 'missing', n: 4, upTo: 4 },
    { ...asks('allowed'), n: 5, ts },
    { ...asks('refused'), n: 6, ts },
    { ...asks('after'), n: 7, ts }
  ])
  const pending = (await earlier.call(listApprovals, { query: { status: 'pending' } })).data
  // With which input it was allowed is not known any more.
  expect(pending.map(({ subject }) => subject).sort()).toEqual(['after', 'allowed'])
  const told = await again.commands({ after: 2 ** 50, active: [assignment] })
  expect(told.at(-1)).toMatchObject({ type: 'answer', key: 'refused', allow: false })
})

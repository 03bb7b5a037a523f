import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { pollCommands } from '#contract/runners/runner-protocol'
import { listRunners } from '#contract/runners/runners'
import { getRun, launchRun } from '#contract/runs/runs'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
afterEach(async () => {
  await app.close()
})

const identity = randomUUID()
const [first, copy] = [randomUUID(), randomUUID()]

/** Polls as a living runner does, until it is told to end. */
function live(runner: RunnerClient, active: { runId: string; attempt: number }[] = []) {
  const ended = new AbortController()
  const { runnerId, incarnation } = runner
  async function go(): Promise<void> {
    while (!ended.signal.aborted) {
      const body = { runnerId, incarnation, after: 0, active, waitSeconds: 20 }
      await fetch(`${app.url}${pollCommands.path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${app.ownerToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: ended.signal
      }).catch(() => {})
    }
  }
  const over = go()
  return async () => {
    ended.abort()
    await over
  }
}

test('a copy of a runner that lives is told what to do, and the first keeps its run', async () => {
  app = await startApp()
  const runner = await connectRunner(app, { identity, process: first, name: 'original' })
  const run = await app.call(launchRun, { body: { prompt: 'x' } })
  const assignment = await runner.claimOne()
  await runner.send(assignment, { type: 'started' })
  const end = live(runner, [{ runId: assignment.runId, attempt: assignment.attempt }])
  await app.call(listRunners)
  await expect(connectRunner(app, { identity, process: copy })).rejects.toThrow(/IDENTITY_TAKEN.*delete runner.json/)
  expect((await app.call(getRun, { params: { id: run.id } })).status).toBe('RUNNING')
  await runner.send(assignment, { type: 'event', kind: 'assistant', message: 'still here', data: {} })
  await end()
})

test('the same process may register again at any time', async () => {
  app = await startApp()
  const runner = await connectRunner(app, { identity, process: first })
  const end = live(runner)
  await app.call(listRunners)
  expect((await connectRunner(app, { identity, process: first })).runnerId).toBe(runner.runnerId)
  await end()
})

test('what comes after a process that is gone, left or does not answer gets its place', async () => {
  app = await startApp()
  const killed = await connectRunner(app, { identity, process: first })
  const after = await connectRunner(app, { identity, process: copy })
  expect(after.runnerId).toBe(killed.runnerId)
  await after.leave()
  const third = await connectRunner(app, { identity, process: randomUUID() })
  expect(third.runnerId).toBe(killed.runnerId)
  // Its poll waits here, and nobody sends another one.
  const frozen = third.commands({ waitSeconds: 60 }).catch(() => [])
  await app.call(listRunners)
  expect((await connectRunner(app, { identity, process: randomUUID() })).runnerId).toBe(killed.runnerId)
  await frozen
})

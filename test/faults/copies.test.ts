import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { listRunners } from '#contract/runners/runners'
import { followUpRun, getRun, launchRun, type Run } from '#contract/runs/runs'
import { untilStatus } from '../kit/events.ts'
import { type Headless, startHeadless } from '../kit/headless.ts'
import { agentsOf, runnerOf, send } from '../kit/processes.ts'
import { temporaryFolder } from '../kit/start-app.ts'

const inTime = { timeout: 30_000, interval: 50 }
let folder: string
let planes: Headless[] = []
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  for (const { app, kill } of planes.splice(0)) {
    const runner = await runnerOf(app.dataDir)
    await kill('SIGTERM')
    if (runner !== null) send(runner, 'SIGKILL')
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

async function start(name: string, ...args: string[]): Promise<Headless> {
  const plane = await startHeadless({
    dataDir: join(folder, name),
    args: ['--allowed-dirs', join(folder, 'code'), ...args]
  })
  planes.push(plane)
  const statuses = async () => (await plane.app.call(listRunners)).data.map(({ status }) => status)
  await expect.poll(statuses, inTime).toEqual(['online'])
  return plane
}

async function stop(plane: Headless): Promise<void> {
  planes = planes.filter(other => other !== plane)
  await plane.kill('SIGTERM')
  await expect.poll(() => runnerOf(plane.app.dataDir), inTime).toBeNull()
}

const launch = ({ app }: Headless, prompt: string, more: Record<string, unknown> = {}) =>
  app.call(launchRun, { body: { prompt, runtime: 'practice', permissionMode: 'bypassPermissions', ...more } })
const follow = ({ app }: Headless, run: Run, prompt: string) =>
  app.call(followUpRun, { params: { id: run.id }, body: { prompt } })
const waits = (script: string) => ({
  runtime: 'command',
  permissionMode: 'default',
  command: { program: 'sh', args: ['-c', script] }
})
const copy = (from: string, to: string) =>
  cpSync(join(folder, from), join(folder, to), { recursive: true, filter: path => !path.endsWith('.sock') })

describe('a copy of a data folder, started beside the original', () => {
  test.each<[string, string]>([
    // They wait by themselves: a program that was started to wait would be another one each time.
    ['the agent', 'read word < ../../../gate; echo $word'],
    ['what it started in a session of its own', "setsid sh -c 'read word < ../../../gate; echo $word'"]
  ])('leaves alone %s', async (_, script) => {
    execFileSync('mkfifo', [join(folder, 'gate')])
    const original = await start('original')
    const run = await launch(original, 'x', waits(script))
    await untilStatus(original.app, run.id, 'RUNNING')
    const before = await agentsOf(run.id)
    copy('original', 'copy')
    const second = await start('copy')
    await untilStatus(second.app, run.id, 'LOST')
    expect(await agentsOf(run.id)).toEqual(expect.arrayContaining(before))
    expect(await original.app.call(getRun, { params: { id: run.id } })).toMatchObject({ status: 'RUNNING' })
    writeFileSync(join(folder, 'gate'), 'well\n')
    expect(await untilStatus(original.app, run.id, 'SUCCEEDED')).toMatchObject({ result: 'well' })
  })

  test('works on in its own private folders, never in those of the original', async () => {
    const original = await start('original')
    const agent = await original.app.call(createAgent, { body: { name: 'Keeper' } })
    const run = await launch(original, 'write notes.txt: one', { agentId: agent.id })
    const alone = await launch(original, 'write notes.txt: one')
    for (const { id } of [run, alone]) await untilStatus(original.app, id, 'SUCCEEDED')
    copy('original', 'copy')
    const second = await start('copy')
    for (const { id, workspace } of [
      { ...run, workspace: agent.id },
      { ...alone, workspace: alone.id }
    ]) {
      const child = await follow(second, { ...run, id }, 'write notes.txt: two')
      expect(await untilStatus(second.app, child.id, 'SUCCEEDED')).toMatchObject({
        cwd: join(folder, 'copy/workspaces', workspace)
      })
      const notes = (name: string) => readFileSync(join(folder, name, 'workspaces', workspace, 'notes.txt'), 'utf8')
      expect([notes('original'), notes('copy')]).toEqual(['one\n', 'two\n'])
    }
  })

  test('is refused a folder of the original, even where all is allowed', async () => {
    const original = await start('original')
    const run = await launch(original, 'write notes.txt: one')
    const { cwd } = await untilStatus(original.app, run.id, 'SUCCEEDED')
    copy('original', 'copy')
    const second = await start('copy', '--allowed-dirs', '/')
    const refused = await launch(second, 'list', { cwd })
    expect(await untilStatus(second.app, refused.id, 'FAILED')).toMatchObject({ error: { code: 'CWD_NOT_ALLOWED' } })
  })
})

test('after a data folder was moved, follow-ups find the private folders where they are now', async () => {
  const before = await start('before')
  const run = await launch(before, 'write kept.txt: x')
  await untilStatus(before.app, run.id, 'SUCCEEDED')
  await stop(before)
  renameSync(join(folder, 'before'), join(folder, 'after'))
  const after = await start('after')
  const child = await follow(after, run, 'list')
  const done = await untilStatus(after.app, child.id, 'SUCCEEDED')
  expect(done).toMatchObject({ cwd: join(folder, 'after/workspaces', run.id) })
  expect(done.result).toContain('kept.txt')
  expect(existsSync(join(folder, 'before'))).toBe(false)
})

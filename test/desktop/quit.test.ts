import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { getRun, launchRun, type Run } from '#contract/runs/runs'
import { agentsOf, runnerOf, send } from '../kit/processes.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { findBinary } from './kit/binary.ts'
import { type Desktop, type DesktopOptions, readSettings, startDesktop } from './kit/desktop.ts'

let desktop: Desktop | null = null
let later: App | null = null

afterEach(async () => {
  const dataDir = desktop?.dataDir
  await later?.close()
  await desktop?.close()
  const runner = dataDir ? await runnerOf(dataDir) : null
  if (runner !== null) send(runner, 'SIGTERM')
  desktop = later = null
})

/** A desktop with a real agent process at work. */
async function withAgent(options: DesktopOptions = {}): Promise<{ started: Desktop; run: Run }> {
  const started = await startDesktop({ runner: true, ...options })
  desktop = started
  await expect
    .poll(async () => (await started.plane.call(listRunners)).data.map(({ status }) => status))
    .toEqual(['online'])
  const command = { program: 'sleep', args: ['600'] }
  const run = await started.plane.call(launchRun, { body: { prompt: 'x', runtime: 'command', command } })
  await expect.poll(async () => (await started.plane.call(getRun, { params: { id: run.id } })).status).toBe('RUNNING')
  return { started, run }
}

const quit = (of: Desktop) => of.electron.evaluate(({ app }) => app.quit()).catch(() => undefined)
const answer = (of: Desktop, response: number, checkboxChecked = false) =>
  of.electron.evaluate(
    (_electron, given) =>
      Object.assign((globalThis as unknown as { flotillaSeen: object }).flotillaSeen, { answer: given }),
    { response, checkboxChecked }
  )

async function statusLater(of: Desktop, run: Run): Promise<string> {
  later = await startApp({ dataDir: of.dataDir })
  return (await later.call(getRun, { params: { id: run.id } })).status
}

describe(`quitting, on ${findBinary().words}`, () => {
  test('with no agent at work asks nothing and ends with 0', async () => {
    const started = await startDesktop()
    desktop = started
    await quit(started)
    expect(await started.ended).toBe(0)
    expect(existsSync(join(started.dataDir, 'control-plane.json'))).toBe(false)
  })
})

describe(`quitting with agents at work, on ${findBinary().words}`, () => {
  test('asks; a cancelled question leaves all as it is', async () => {
    const { started, run } = await withAgent()
    await answer(started, 2)
    await quit(started)
    await expect.poll(() => started.seen(seen => seen.questions)).toEqual(['Agents are at work'])
    expect((await started.plane.call(getRun, { params: { id: run.id } })).status).toBe('RUNNING')
    await answer(started, 1)
    await quit(started)
    expect(await started.ended).toBe(0)
    expect(await statusLater(started, run)).toBe('CANCELLED')
    expect(await agentsOf(run.id)).toEqual([])
  })

  test('keeps the agents when told so, and asks no more when that is wanted', async () => {
    const { started, run } = await withAgent()
    await answer(started, 0, true)
    await quit(started)
    expect(await started.ended).toBe(0)
    expect(await agentsOf(run.id)).not.toEqual([])
    expect(readSettings(started.dataDir)).toMatchObject({ onQuit: 'keep' })
    expect(await statusLater(started, run)).toBe('RUNNING')
  })

  test('asks nothing at a signal: the agents go on', async () => {
    const { started, run } = await withAgent()
    started.electron.process().kill('SIGTERM')
    expect(await started.ended, started.said()).toBe(0)
    expect(await agentsOf(run.id)).not.toEqual([])
  })

  test('takes the agents along with --stop-agents, unasked', async () => {
    const { started, run } = await withAgent({ args: ['--stop-agents'] })
    await quit(started)
    expect(await started.ended).toBe(0)
    expect(await agentsOf(run.id)).toEqual([])
  })

  test('happens when the window closes and there is no tray that could hold it', async () => {
    const started = await startDesktop({ tray: false })
    desktop = started
    expect(await started.seen(seen => seen.trayMenu)).toBeNull()
    const item = () =>
      started.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('stays-in-tray')?.label)
    expect(await item()).toContain('no tray here')
    await started.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => {})
    expect(await started.ended).toBe(0)
  })
})

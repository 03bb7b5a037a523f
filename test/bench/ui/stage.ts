import { cpSync, rmSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import type { Assignment } from '#contract/runners/runner-protocol'
import { launchRun } from '#contract/runs/runs'
import { build } from '../../../scripts/build.ts'
import { launchBrowser, openWindow, signIn, type Window } from '../../kit/browser.ts'
import { findTool } from '../../kit/needs.ts'
import { connectRunner, type Draft, type RunnerClient, report } from '../../kit/runner-client.ts'
import { type App, temporaryFolder } from '../../kit/start-app.ts'
import { type FleetSize, fleetStoreFolder } from '../fleet-store.ts'
import { appOf } from '../live-run.ts'
import { type Server, startOurs, stop } from '../processes.ts'
import { agentEvents } from './agent-events.ts'
import { addProbe } from './probe.ts'

/** The built product with a browser that is signed in, and a runner that sends what it is told. */
export interface Stage {
  app: Pick<App, 'request' | 'call' | 'url'>
  runner: RunnerClient
  window: Window
  /** Starts a run that our runner holds. */
  launch(prompt: string): Promise<Assignment>
  /** Events of an agent at work, as fast as they are taken. */
  fill(run: Assignment, events: number): Promise<void>
  close(): Promise<void>
}

export function missing(): string | null {
  return findTool('chromium') === undefined ? 'Chromium is not there' : null
}

const perBatch = 1000

/** With a fleet, on a copy of its store: what is done here does not stay there. */
export async function openStage(fleet?: FleetSize): Promise<Stage> {
  if (!(await build(['renderer']))) throw new Error('the pages could not be built')
  const folder = temporaryFolder()
  if (fleet) cpSync(await fleetStoreFolder(fleet), folder, { recursive: true })
  const server: Server = await startOurs(folder)
  const app = appOf(folder)
  const runner = await connectRunner(app, { runtimes: [report('claude-code')], capacity: 100 })
  const browser: Browser = await launchBrowser()
  const window = await openWindow(browser)
  await addProbe(window.page)
  await signIn(app, window)
  return {
    app,
    runner,
    window,
    async launch(prompt) {
      await app.call(launchRun, { body: { prompt, runnerId: runner.runnerId, runtime: 'claude-code' } })
      const [run] = await runner.claim(1)
      if (!run) throw new Error('the run was not claimed')
      return run
    },
    async fill(run, events) {
      const source = agentEvents()
      for (let sent = 0; sent < events; sent += perBatch)
        await runner.send(run, ...take(source, Math.min(perBatch, events - sent)))
    },
    async close() {
      await browser.close()
      await stop(server.process)
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

export function take(source: Generator<Draft>, count: number): Draft[] {
  return Array.from({ length: count }, () => source.next().value as Draft)
}

/** An empty page in the same window: what the browser and this machine do without us. */
export async function showNothing(page: Page): Promise<void> {
  await page.goto('about:blank')
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { cancelRun, type Run } from '#contract/runs/runs'
import { build } from '../../scripts/build.ts'
import { launchBrowser, openWindow, signIn } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { startHeadless } from '../kit/headless.ts'
import { play } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'
import * as stories from './stories.ts'
import { failingStore, firstRuns, runtimeTold, type Told } from './told.ts'

/** Pictures of every page there is, from a real control plane with scripted agents: `npm run screenshots [-- folder]`. */
const folder = process.argv[2] ?? join('.cache', 'screenshots')
const viewport = { width: 1440, height: 900 }
const viewports = [viewport, { width: 1024, height: 700 }]
const themes = ['light', 'dark'] as const

/** Whether the hit is marked, asked once a frame. */
const afterFrame = `new Promise(done => requestAnimationFrame(() => done(CSS.highlights.get('found-current')?.size > 0)))`

interface Shot {
  name: string
  path: string
  /** What the control plane would say in a state that is hard to bring about. */
  told?: Told
  /** What to do before the picture is taken. */
  before?: (page: Page) => Promise<unknown>
}

async function makeRuns(app: App): Promise<Record<'waiting' | 'running' | 'failed' | 'done' | 'parent', Run>> {
  const parent = await play(app, 'Plan the release of 2.4.0', stories.planned)
  await untilStatus(app, parent.id, 'SUCCEEDED')
  const failed = await play(app, 'Rotate the signing key of the webhooks', stories.refused)
  await untilStatus(app, failed.id, 'FAILED')
  const done = await play(app, 'Publish the dry run and tell what changed', stories.published)
  await untilStatus(app, done.id, 'SUCCEEDED')
  const question = await play(app, 'Split the public subnets', stories.asks)
  await untilStatus(app, question.id, 'WAITING')
  const waiting = await play(app, 'Run the full suite, then dry-run the publish', stories.waits)
  await untilStatus(app, waiting.id, 'WAITING')
  const running = await play(app, 'Find what makes the nightly build slow', stories.works)
  await untilStatus(app, running.id, 'RUNNING')
  return { parent, failed, done, waiting, running }
}

function shotsOf(runs: Awaited<ReturnType<typeof makeRuns>>): Shot[] {
  const openPalette = async (page: Page) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
  }
  return [
    { name: 'runs', path: '/runs' },
    { name: 'new-run', path: '/runs/new' },
    { name: 'run-running', path: `/runs/${runs.running.id}` },
    { name: 'run-waiting', path: `/runs/${runs.waiting.id}` },
    {
      name: 'run-scrolled',
      path: `/runs/${runs.waiting.id}`,
      before: page => page.getByRole('log').evaluate(log => log.scrollTo({ top: 0 }))
    },
    {
      name: 'run-done',
      path: `/runs/${runs.done.id}`,
      before: async page => {
        await page.getByRole('textbox', { name: 'Search this run' }).fill('refunds')
        await page.getByRole('button', { name: 'Next hit' }).click()
        while (!(await page.evaluate(afterFrame))) await page.getByRole('log').waitFor()
      }
    },
    { name: 'run-failed', path: `/runs/${runs.failed.id}` },
    {
      name: 'changes',
      path: `/runs/${runs.done.id}`,
      before: async page => {
        await page.evaluate(`document.querySelector('aside li button')?.click()`)
        await page
          .getByRole('dialog')
          .getByRole('region', { name: /^Changes of/ })
          .waitFor()
      }
    },
    { name: 'approvals', path: '/approvals', before: page => page.keyboard.press('j') },
    {
      name: 'approvals-question',
      path: '/approvals',
      before: page => page.getByRole('button', { name: 'Send answer' }).waitFor()
    },
    {
      name: 'approvals-selected',
      path: '/approvals',
      before: async page => {
        await page.keyboard.press('j')
        await page.getByRole('button', { name: 'Allow once' }).waitFor()
        await page.keyboard.press('x')
      }
    },
    {
      name: 'always-allow',
      path: `/runs/${runs.waiting.id}`,
      before: async page => {
        await page.getByRole('button', { name: 'Always allow' }).click()
        await page.getByRole('menuitem', { name: /^A pattern of your own/ }).click()
        await page.getByRole('region', { name: 'What it would have allowed' }).waitFor()
      }
    },
    { name: 'palette', path: '/runs', before: openPalette },
    {
      name: 'palette-prompt',
      path: '/runs',
      before: async page => {
        await openPalette(page)
        await page.keyboard.type('> fix the flaky test')
      }
    },
    { name: 'store-failing', path: '/runs', told: failingStore }
  ]
}

async function shoot(browser: Browser, app: App, shots: readonly Shot[]): Promise<void> {
  for (const theme of themes) {
    for (const size of viewports) {
      const window = await openWindow(browser, {
        viewport: size,
        colorScheme: theme,
        reducedMotion: 'reduce',
        locale: 'en-GB'
      })
      await signIn(app, window)
      for (const { name, path, told, before } of shots) {
        await told?.(window.page)
        await window.page.goto(app.url + path)
        await window.page.getByRole('heading', { level: 1 }).waitFor()
        await window.page.waitForLoadState('networkidle')
        await before?.(window.page)
        await window.page.waitForLoadState('networkidle')
        // Two frames, in which what was asked for is drawn.
        await window.page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
        await window.page.screenshot({ path: join(folder, `${name}-${theme}-${size.width}.png`) })
        await window.page.unrouteAll()
      }
      await window.close()
    }
  }
}

/** What a window shows whose control plane is gone. */
async function shootAway(browser: Browser): Promise<void> {
  const headless = await startHeadless({})
  const run = await play(headless.app, 'Run the full suite, then dry-run the publish', stories.waits)
  await untilStatus(headless.app, run.id, 'WAITING')
  const windows = await Promise.all(
    themes.map(async theme => {
      const window = await openWindow(browser, { viewport, colorScheme: theme, locale: 'en-GB' })
      await signIn(headless.app, window)
      await window.page.goto(`${headless.app.url}/runs/${run.id}`)
      await window.page.getByRole('button', { name: 'Allow once' }).waitFor()
      return { theme, window }
    })
  )
  await headless.kill('SIGKILL')
  // At once: somebody else may get the port that is free now.
  await Promise.all(
    windows.map(async ({ theme, window }) => {
      await window.page.getByText(/^Reconnecting. Showing/).waitFor()
      await window.page.screenshot({ path: join(folder, `away-${theme}-${viewport.width}.png`) })
      await window.close()
    })
  )
  // Its runner holds on to the agent: only a control plane can end both.
  const { app } = await headless.again()
  await app.call(cancelRun, { params: { id: run.id }, body: { now: true } })
  await untilStatus(app, run.id, 'CANCELLED')
  await app.close()
}

if (!(await build())) process.exit(1)
mkdirSync(folder, { recursive: true })
const browser = await launchBrowser()
const empty = await startApp({ runner: true })
await shoot(browser, empty, [
  { name: 'first-run', path: '/runs' },
  ...firstRuns.map(({ name, runtime }) => ({ name: `first-run-${name}`, path: '/runs', told: runtimeTold(runtime) }))
])
await empty.close()
const app = await startApp({ runner: true })
await shoot(browser, app, shotsOf(await makeRuns(app)))
await app.close()
await shootAway(browser)
await browser.close()
console.log(`Pictures are in ${folder}`)

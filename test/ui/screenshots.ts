import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { Run } from '#contract/runs'
import { build } from '../../scripts/build.ts'
import { launchBrowser, openWindow, signIn } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { play } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'
import * as stories from './stories.ts'

/** Pictures of every page there is, from a real control plane with scripted agents: `npm run screenshots [-- folder]`. */
const folder = process.argv[2] ?? join('.cache', 'screenshots')
const viewports = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 }
]
const themes = ['light', 'dark'] as const

/** Whether the hit is marked, asked once a frame. */
const afterFrame = `new Promise(done => requestAnimationFrame(() => done(CSS.highlights.get('found-current')?.size > 0)))`

interface Shot {
  name: string
  path: string
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
    { name: 'approvals', path: '/approvals' },
    { name: 'palette', path: '/runs', before: openPalette }
  ]
}

async function shoot(browser: Browser, app: App, shots: readonly Shot[]): Promise<void> {
  for (const theme of themes) {
    for (const viewport of viewports) {
      const window = await openWindow(browser, {
        viewport,
        colorScheme: theme,
        reducedMotion: 'reduce',
        locale: 'en-GB'
      })
      await signIn(app, window)
      for (const { name, path, before } of shots) {
        await window.page.goto(app.url + path)
        await window.page.getByRole('heading', { level: 1 }).waitFor()
        await window.page.waitForLoadState('networkidle')
        await before?.(window.page)
        await window.page.waitForLoadState('networkidle')
        // Two frames, in which what was asked for is drawn.
        await window.page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
        await window.page.screenshot({ path: join(folder, `${name}-${theme}-${viewport.width}.png`) })
      }
      await window.close()
    }
  }
}

if (!(await build())) process.exit(1)
mkdirSync(folder, { recursive: true })
const browser = await launchBrowser()
const empty = await startApp({ runner: true })
await shoot(browser, empty, [{ name: 'first-run', path: '/runs' }])
await empty.close()
const app = await startApp({ runner: true })
await shoot(browser, app, shotsOf(await makeRuns(app)))
await app.close()
await browser.close()
console.log(`Pictures are in ${folder}`)

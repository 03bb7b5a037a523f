import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { plantDemo } from '#contract/demo'
import { listAgents } from '#contract/fleet/agents'
import { createBudget } from '#contract/money/budgets'
import { listRunners } from '#contract/runners/runners'
import { cancelRun, launchRun } from '#contract/runs/runs'
import { build } from '../../scripts/build.ts'
import { launchBrowser, openWindow, signIn } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { startHeadless } from '../kit/headless.ts'
import { startMockLlm } from '../kit/mock-llm.ts'
import { findTool } from '../kit/needs.ts'
import { play } from '../kit/play.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'
import { makeAgents, type SeededAgents } from './agents.ts'
import { configureFleet, configureShots } from './configured.ts'
import { makeRuns, type PicturedRuns } from './pictured-runs.ts'
import * as stories from './stories.ts'
import { failingStore, firstRuns, runtimeTold, type Told } from './told.ts'

/** Pictures of every page there is, from a real control plane with scripted agents: `npm run screenshots [-- folder [pattern of names]]`. */
const [folder = join('.cache', 'screenshots'), only = ''] = process.argv.slice(2)
const wanted = new RegExp(only)
const viewport = { width: 1440, height: 900 }
const viewports = [viewport, { width: 1024, height: 700 }]
/** A phone, and 400 % zoom on a small screen. */
const narrowViewports = [
  { width: 390, height: 844 },
  { width: 320, height: 256 }
]
const themes = ['light', 'dark'] as const

/** Whether the hit is marked, asked once a frame. */
const afterFrame = `new Promise(done => requestAnimationFrame(() => done(CSS.highlights.get('found-current')?.size > 0)))`

interface Shot {
  name: string
  path: string
  /** What the control plane would say in a state that is hard to bring about. */
  told?: Told
  /** Also for a phone and 400 % zoom. */
  narrow?: boolean
  /** What to do before the picture is taken. */
  before?: (page: Page) => Promise<unknown>
}

function runShots(runs: PicturedRuns): Shot[] {
  return [
    { name: 'runs', path: '/runs' },
    { name: 'new-run', path: '/runs/new' },
    { name: 'run-running', narrow: true, path: `/runs/${runs.running.id}` },
    {
      name: 'run-waiting',
      narrow: true,
      path: `/runs/${runs.waiting.id}`,
      before: page => page.getByRole('button', { name: 'Allow once' }).waitFor()
    },
    {
      name: 'run-scrolled',
      narrow: true,
      path: `/runs/${runs.waiting.id}`,
      before: page => page.getByRole('log').evaluate(log => log.scrollTo({ top: 0 }))
    },
    {
      name: 'run-done',
      narrow: true,
      path: `/runs/${runs.done.id}`,
      before: async page => {
        await page.keyboard.press('Control+f')
        await page.getByRole('textbox', { name: 'Search this run' }).fill('refunds')
        await page.getByRole('button', { name: 'Next hit' }).click()
        while (!(await page.evaluate(afterFrame))) await page.getByRole('log').waitFor()
      }
    },
    {
      name: 'composer-list',
      narrow: true,
      path: `/runs/${runs.done.id}`,
      before: async page => {
        await page.getByRole('textbox', { name: 'Follow-up' }).pressSequentially('Look at @')
        await page.getByRole('listbox').waitFor()
      }
    },
    { name: 'run-failed', narrow: true, path: `/runs/${runs.failed.id}` },
    {
      name: 'changes',
      narrow: true,
      path: `/runs/${runs.done.id}`,
      before: async page => {
        await page.evaluate(`document.querySelector('aside li button')?.click()`)
        await page
          .getByRole('dialog')
          .getByRole('region', { name: /^Changes of/ })
          .waitFor()
      }
    },
    { name: 'chain', narrow: true, path: `/runs/${runs.chain.id}` },
    {
      name: 'chain-first',
      narrow: true,
      path: `/runs/${runs.chain.id}`,
      before: async page => {
        await page.keyboard.press('Home')
        await page.locator('article:focus').waitFor()
      }
    },
    { name: 'one-line', narrow: true, path: `/runs/${runs.oneLiners.id}`, before: openAll },
    { name: 'hostile', narrow: true, path: `/runs/${runs.hostile.id}` }
  ]
}

function fleetShots({ works, waits }: SeededAgents): Shot[] {
  return [
    { name: 'fleet', narrow: true, path: '/fleet' },
    { name: 'fleet-teams', path: '/fleet?group=team' },
    { name: 'fleet-grid', narrow: true, path: '/fleet?view=grid' },
    {
      name: 'fleet-selected',
      narrow: true,
      path: '/fleet',
      before: async page => {
        await page.keyboard.press('j')
        await page.keyboard.press('x')
        await page.getByRole('region', { name: 'Selected agents' }).waitFor()
      }
    },
    {
      name: 'new-agent',
      narrow: true,
      path: '/fleet/new',
      before: page => page.getByRole('textbox', { name: 'Name' }).fill('cart-heron')
    },
    { name: 'agent', narrow: true, path: `/fleet/${works.id}` },
    { name: 'agent-waits', path: `/fleet/${waits.id}` },
    { name: 'agent-secrets', narrow: true, path: `/fleet/${works.id}?tab=secrets` },
    {
      name: 'agent-config',
      narrow: true,
      path: `/fleet/${works.id}?tab=config`,
      before: page => page.getByRole('textbox', { name: 'Team', exact: true }).fill('Refunds')
    }
  ]
}

/** What takes many agents, and more days than one. */
function demoShots(agentId: string): Shot[] {
  return [
    { name: 'demo', narrow: true, path: '/fleet' },
    { name: 'demo-epics', narrow: true, path: '/fleet?group=epic' },
    { name: 'demo-tasks', narrow: true, path: '/tasks' },
    { name: 'demo-flows', narrow: true, path: '/flows' },
    {
      name: 'flow',
      narrow: true,
      path: '/flows',
      before: page => page.getByRole('link', { name: /Nightly look/ }).click()
    },
    {
      name: 'flow-editor',
      narrow: true,
      path: '/flows/new',
      before: async page => {
        await page.getByRole('textbox', { name: 'Title' }).fill('Morning issue triage')
        await page.getByRole('button', { name: 'Add what starts it' }).click()
        await page.getByRole('menuitem', { name: /^At a time/ }).click()
        await page.getByRole('list', { name: 'Next five runs' }).waitFor()
      }
    },
    { name: 'demo-usage', narrow: true, path: '/usage?period=week' },
    {
      name: 'demo-approvals',
      path: '/approvals',
      before: page => page.getByRole('button', { name: 'Allow once' }).waitFor()
    },
    { name: 'demo-agent', narrow: true, path: `/fleet/${agentId}` },
    { name: 'agent-sessions', narrow: true, path: `/fleet/${agentId}?tab=sessions`, before: compareTwo },
    { name: 'agent-messages', narrow: true, path: `/fleet/${agentId}?tab=messages` },
    { name: 'agent-usage', narrow: true, path: `/fleet/${agentId}?tab=usage` },
    { name: 'usage-runtimes', narrow: true, path: '/usage?split=runtime' },
    { name: 'notifications', narrow: true, path: '/settings/notifications' }
  ]
}

async function compareTwo(page: Page): Promise<void> {
  const boxes = page.getByRole('checkbox', { name: /^Select run/ })
  await boxes.nth(1).check()
  await boxes.nth(0).check()
  await page.getByRole('region', { name: 'Comparison of two runs' }).waitFor()
}

async function importAgents(page: Page): Promise<void> {
  const agents = [{ name: 'api-kestrel', team: 'Storefront' }, { name: 'docs-quill' }, { name: '', team: 7 }]
  const buffer = Buffer.from(JSON.stringify({ agents }))
  await page.getByLabel('File of agents').setInputFiles({ name: 'agents.json', mimeType: 'application/json', buffer })
}

function otherShots(runs: PicturedRuns): Shot[] {
  const openPalette = async (page: Page) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
  }
  const showsHits = (page: Page) => page.locator('mark').first().waitFor()
  return [
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
    { name: 'approvals-decided', narrow: true, path: '/approvals?tab=decided' },
    { name: 'audit', narrow: true, path: '/audit' },
    { name: 'audit-entry', narrow: true, path: '/audit?entry=5' },
    { name: 'messages', narrow: true, path: '/messages' },
    { name: 'threads', narrow: true, path: '/messages?view=threads' },
    { name: 'new-message', narrow: true, path: '/messages/new' },
    { name: 'search', narrow: true, path: '/search?q=refund+key', before: showsHits },
    { name: 'search-empty', narrow: true, path: '/search?q=%22idempotent+claim%22&when=month' },
    { name: 'palette', path: '/runs', before: openPalette },
    {
      name: 'palette-actions',
      path: '/runs',
      before: async page => {
        await openPalette(page)
        await page.getByRole('option').first().waitFor()
        await page.keyboard.press('Tab')
        await page.getByRole('option', { name: 'Open in the inbox' }).waitFor()
      }
    },
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

/** Opens every call that is drawn. */
async function openAll(page: Page): Promise<void> {
  const closed = page.getByRole('log').locator('button[aria-expanded="false"]')
  for (let left = await closed.count(); left > 0; left--) await closed.first().click()
  await page.keyboard.press('Home')
}

async function shoot(browser: Browser, app: App, shots: readonly Shot[]): Promise<void> {
  for (const theme of themes) {
    for (const size of [...viewports, ...narrowViewports]) {
      const narrow = narrowViewports.includes(size)
      const fileOf = ({ name }: Shot) => `${name}-${theme}-${size.width}.png`
      const taken = shots.filter(shot => (shot.narrow || !narrow) && wanted.test(fileOf(shot)))
      if (taken.length === 0) continue
      const window = await openWindow(browser, {
        viewport: size,
        colorScheme: theme,
        reducedMotion: 'reduce',
        locale: 'en-GB',
        hasTouch: narrow
      })
      await signIn(app, window)
      for (const shot of taken) {
        const { path, told, before } = shot
        await told?.(window.page)
        await window.page.goto(app.url + path)
        await window.page.getByRole('heading', { level: 1 }).waitFor()
        await window.page.waitForLoadState('networkidle')
        await before?.(window.page)
        await window.page.waitForLoadState('networkidle')
        // Two frames, in which what was asked for is drawn.
        await window.page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
        await window.page.screenshot({ path: join(folder, fileOf(shot)) })
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
      await signIn(headless.app, window, `/runs/${run.id}`)
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

/** A real Claude Code at work, whose model is the mock. */
async function shootClaude(browser: Browser): Promise<void> {
  const cli = findTool('claude')
  if (cli === undefined) return console.log('Claude Code is not there: no picture of it')
  const mock = await startMockLlm()
  const home = temporaryFolder()
  const { app } = await startHeadless({
    args: ['--allowed-dirs', home],
    env: {
      PATH: `${dirname(cli)}:${process.env.PATH}`,
      HOME: home,
      IS_SANDBOX: '1',
      ANTHROPIC_BASE_URL: mock.url,
      ANTHROPIC_API_KEY: 'no-key-of-anybody'
    }
  })
  const ready = async () =>
    (await app.call(listRunners)).data[0]?.runtimes.some(({ id, state }) => id === 'claude-code' && state === 'ready')
  while (!(await ready())) await delay(200)
  const body = { prompt: stories.reallyWorks, runtime: 'claude-code', permissionMode: 'bypassPermissions' } as const
  const run = await app.call(launchRun, { body })
  await untilStatus(app, run.id, 'RUNNING')
  await shoot(browser, app, [
    {
      name: 'claude-running',
      narrow: true,
      path: `/runs/${run.id}`,
      before: page => page.getByText('The folder is empty').first().waitFor()
    }
  ])
  await app.call(cancelRun, { params: { id: run.id }, body: { now: true } })
  await untilStatus(app, run.id, 'CANCELLED')
  await app.close()
  await mock.close()
  rmSync(home, { recursive: true, force: true })
}

if (!(await build())) process.exit(1)
mkdirSync(folder, { recursive: true })
const browser = await launchBrowser()
const empty = await startApp({ runner: true })
await shoot(browser, empty, [
  { name: 'first-run', narrow: true, path: '/fleet' },
  { name: 'first-run-single', path: '/runs' },
  { name: 'import', narrow: true, path: '/fleet/import', before: importAgents },
  ...firstRuns.map(({ name, runtime }) => ({ name: `first-run-${name}`, path: '/fleet', told: runtimeTold(runtime) }))
])
await empty.call(plantDemo)
await empty.call(createBudget, { body: { amount: 20, period: 'day', action: 'warn' } })
const demoAgent = (await empty.call(listAgents)).data[0]
await shoot(browser, empty, demoShots(demoAgent?.id ?? ''))
await empty.close()
const staffed = await startApp({ runner: true })
const agents = await makeAgents(staffed)
await shoot(browser, staffed, fleetShots(agents))
await staffed.close()
const configured = await startApp({ runner: true })
await configureFleet(configured)
await shoot(browser, configured, configureShots())
await configured.close()
const app = await startApp({ runner: true })
const runs = await makeRuns(app)
await shoot(browser, app, [...runShots(runs), ...otherShots(runs)])
await app.close()
await shootClaude(browser)
await shootAway(browser)
await browser.close()
console.log(`Pictures are in ${folder}`)

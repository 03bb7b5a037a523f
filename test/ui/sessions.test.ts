import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { type Agent, createAgent, executeAgent } from '#contract/fleet/agents'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let agent: Agent
let windows: Window[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

beforeEach(async () => {
  app = await startApp({ runner: true })
  agent = await app.call(createAgent, { body: { name: 'api-kestrel', runtime: 'practice' } })
})
afterEach(async () => {
  for (const window of windows) {
    expect(window.faults).toEqual([])
    await window.close()
  }
  windows = []
  await app.close()
})

async function open(options: BrowserContextOptions = {}): Promise<Window> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await signIn(app, window, `/fleet/${agent.id}?tab=sessions`)
  await window.page.getByRole('tab', { name: 'Sessions', selected: true }).waitFor()
  return window
}

async function work(prompt: string, goesOn: boolean): Promise<void> {
  const run = await app.call(executeAgent, { params: { id: agent.id }, body: { prompt, continue: goesOn } })
  await untilStatus(app, run.id, 'SUCCEEDED')
}

test('runs are folded by their session, filtered, and two are compared', async () => {
  await work('list', false)
  await work('find version', true)
  await work('help', false)
  const { page } = await open()
  const rows = page.getByRole('grid', { name: 'Sessions' }).getByRole('row', { name: /#\d/ })
  await page.getByText('3 runs in 2 sessions').waitFor()
  expect(await rows.count()).toBe(2)
  await page.getByRole('button', { name: 'Runs of the session that began with #1' }).click()
  await rows.filter({ hasText: 'find version' }).waitFor()
  expect(await rows.count()).toBe(4)
  await page.getByRole('checkbox', { name: 'Select run #3' }).check()
  await page.getByText('Select another one to compare them.').waitFor()
  await rows.filter({ hasText: 'find version' }).getByRole('checkbox').check()
  const dock = page.getByRole('region', { name: 'Comparison of two runs' })
  const names = dock.getByRole('columnheader')
  expect(await names.allInnerTexts()).toEqual(['Fact', '#2 find version', '#3 help', 'Difference'])
  await dock.getByRole('button', { name: 'Swap' }).click()
  expect(await names.allInnerTexts()).toEqual(['Fact', '#3 help', '#2 find version', 'Difference'])
  await dock
    .getByRole('row', { name: /^Ended/ })
    .getByText('the same')
    .waitFor()
  await page.keyboard.press('Escape')
  await dock.waitFor({ state: 'detached' })

  await page.getByRole('link', { name: 'All runs' }).click()
  await expect.poll(() => rows.count()).toBe(3)
  await page.getByRole('searchbox', { name: /^Filter its runs/ }).fill('version')
  await expect.poll(() => rows.count()).toBe(1)
  expect(new URL(page.url()).searchParams.get('search')).toBe('version')
  await page.goBack()
  await page.getByRole('link', { name: 'Sessions', exact: true }).waitFor()
})

test('the same by keys alone, and what the API starts shows at once', async () => {
  await work('list', false)
  await work('find version', true)
  const { page } = await open()
  const rows = page.getByRole('grid', { name: 'Sessions' }).getByRole('row', { name: /#\d/ })
  await page.getByText('2 runs in 1 session', { exact: true }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('o')
  await expect.poll(() => rows.count()).toBe(3)
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByRole('region', { name: 'Comparison of two runs' }).waitFor()
  await page.keyboard.press('Escape')
  await work('help', false)
  await rows.filter({ hasText: 'help' }).getByText('Done').waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('log').waitFor()
})

/** Two runs of a session of three, beside each other. */
async function compared(options: BrowserContextOptions): Promise<Window> {
  await work('list', false)
  await work('find version', true)
  const window = await open(options)
  await window.page.getByRole('button', { name: /^Runs of the session/ }).click()
  const boxes = window.page.getByRole('checkbox', { name: /^Select run/ })
  await expect.poll(() => boxes.count()).toBe(3)
  await boxes.nth(1).check()
  await boxes.nth(2).check()
  await window.page.getByRole('region', { name: 'Comparison of two runs' }).waitFor()
  return window
}

describe.each(lookedThemes)('in the %s theme', colorScheme => {
  test.each([1440, 390].filter(width => isLooked(colorScheme, width)))('axe finds nothing at %i px', async width => {
    expect(await violationsOf(await compared({ colorScheme, viewport: { width, height: 800 } }))).toEqual([])
  })
})

test('nothing scrolls sideways, however narrow', async () => {
  const { page } = await compared({})
  for (const width of [1440, 1024, 390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  }
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { needs } from '../kit/needs.ts'
import { askToRun, play } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let window: Window
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true })
  const done = await play(app, 'Refund the orders', [{ type: 'result', text: 'ok' }])
  await untilStatus(app, done.id, 'SUCCEEDED')
  const waiting = await play(app, 'Ask me', askToRun('k', 'npm publish'))
  await untilStatus(app, waiting.id, 'WAITING')
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})
beforeEach(async () => {
  window = await openWindow(browser)
  page = window.page
  await signIn(app, window)
  await page.goto(`${app.url}/runs`)
  await page.getByRole('grid', { name: 'Runs' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('option', { name: /Refund the orders/ }).waitFor()
})
afterEach(async () => {
  expect(window.faults).toEqual([])
  await window.close()
})

test('who waits comes first; Enter leads there', async () => {
  expect(await page.getByRole('option').first().innerText()).toContain('npm publish')
  expect(await violationsOf(window)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Allow once' }).waitFor()
})

test('a run is found by its words, an action by its name, both by keyboard alone', async () => {
  await page.keyboard.type('refund')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /Refund the orders/ }).waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('go to app')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Approvals' }).waitFor()
})

test('> starts a run at once, and says before what runs where', async () => {
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('> list')
  const start = page.getByRole('option', { name: /^list/ })
  await start.getByText('Practice agent').waitFor()
  await start.getByText('in a private folder').waitFor()
  expect(await violationsOf(window)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /#\d+ list/ }).waitFor()
  await page.getByRole('article', { name: /^Done/ }).waitFor()
})

test('a prompt can be taken to the form for all its choices; what fails is said in the palette', async () => {
  await page.route('**/api/v1/runs', route => (route.request().method() === 'POST' ? route.abort() : route.continue()))
  await page.keyboard.type('>fix the flaky test')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('Flotilla does not answer').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('textbox', { name: 'Prompt' }).inputValue()).toBe('fix the flaky test')
})

test('a name that nothing has is said so', async () => {
  await page.keyboard.type('zzzzqq')
  await page.getByText('Nothing has this name.').waitFor()
})

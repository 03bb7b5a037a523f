import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { getApproval, listApprovals } from '#contract/runs/approvals'
import { createTask } from '#contract/work/tasks'
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
  await app.call(createAgent, { body: { name: 'api-kestrel', runtime: 'practice' } })
  await app.call(createTask, { body: { title: 'Idempotent creation', input: 'x' } })
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
  await signIn(app, window, '/runs')
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

test('agents and tasks are found by their names, @ looks for agents alone and # for work; what was found is bold', async () => {
  await page.keyboard.type('@kes')
  const found = page.getByRole('option')
  await expect.poll(() => found.allInnerTexts()).toHaveLength(1)
  expect(await found.locator('b').allInnerTexts()).toEqual(['kes'])
  expect(await violationsOf(window)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'api-kestrel' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('idempotent')
  await page.getByRole('option', { name: /Idempotent creation/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('complementary', { name: 'Task T-1' }).waitFor()
})

test('Tab shows what can be done with a thing; Escape leads back to what was typed', async () => {
  await page.keyboard.type('@kes')
  await page.getByRole('option', { name: /api-kestrel/ }).waitFor()
  await page.keyboard.press('Tab')
  await page.getByRole('option', { name: 'Settings' }).waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('combobox').inputValue()).toBe('@kes')
  await page.getByRole('option', { name: /api-kestrel/ }).waitFor()
  await page.keyboard.press('Tab')
  await page.getByRole('option', { name: 'Prompt it' }).waitFor()
  await page.keyboard.type('prompt')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('combobox').inputValue()).toBe('> @api-kestrel ')
  await page.keyboard.type('list')
  const start = page.getByRole('option', { name: /^list/ }).first()
  await start.getByText('goes on in its conversation').waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /#\d+ list/ }).waitFor()
})

test('a request is answered inside, whole and only when it is meant', async () => {
  const [approval] = (await app.call(listApprovals, { query: { status: 'pending' } })).data
  const statusOf = async () => (await app.call(getApproval, { params: { id: approval?.id ?? '' } })).status
  await page.keyboard.press('Tab')
  await page.getByRole('option', { name: 'Allow once' }).waitFor()
  await page.getByRole('dialog').getByText('npm publish').first().waitFor()
  expect(await violationsOf(window)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: /Allow once\? Once more/ }).waitFor()
  expect(await statusOf()).toBe('pending')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(statusOf).toBe('approved')
})

test('nothing that is typed while it is loaded is lost', async () => {
  const other = await openWindow(browser)
  await signIn(app, other)
  let go = () => {}
  const held = new Promise<void>(resolve => {
    go = resolve
  })
  await other.page.route('**/palette-*.js', async route => {
    await held
    await route.continue()
  })
  await other.page.goto(`${app.url}/runs`)
  await other.page.getByRole('grid', { name: 'Runs' }).waitFor()
  await other.page.keyboard.press('Control+k')
  await other.page.keyboard.type('go to ap')
  go()
  await other.page.getByRole('option', { name: /Go to Approvals/ }).waitFor()
  await other.page.keyboard.type('p')
  await expect.poll(() => other.page.getByRole('combobox').inputValue()).toBe('go to app')
  expect(other.faults).toEqual([])
  await other.close()
})

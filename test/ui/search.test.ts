import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { search } from '#contract/runs/search'
import { launchBrowser, openWindow, signIn, violationsOf } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { isLooked } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { play, toolCall } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true })
  const { id } = await app.call(createAgent, { body: { name: 'api-kestrel' } })
  const said = (n: number) => ({ type: 'text', text: `Step ${n}: the idempotencyKey is claimed`, block: `b${n}` })
  const use = { tool: 'Bash', kind: 'command', argument: 'vitest keys', input: { command: 'vitest keys' } }
  const runs = [
    await play(app, 'Refund the orders', [said(1), said(2), said(3), said(4), { type: 'result', text: 'ok' }], id),
    await play(app, 'Store the keys', [
      ...toolCall('t', use, { text: 'an idempotency key is stored', exitCode: 0 }),
      { type: 'result', text: 'ok' }
    ])
  ]
  for (const run of runs) await untilStatus(app, run.id, 'SUCCEEDED')
  await vi.waitFor(
    async () => expect((await app.call(search, { query: { q: 'idempotency' } })).hits.length).toBe(5),
    10_000
  )
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

test('the palette leads to all runs; hits stand by run, are walked by keys, and open the run where they stand', async () => {
  const window = await openWindow(browser)
  const { page } = window
  await signIn(app, window, '/runs')
  await page.getByRole('grid', { name: 'Runs' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('"idempotency key"')
  await page.getByRole('option', { name: /Search all runs for/ }).click()
  await page.waitForURL(/\/search\?q=/)
  await page.getByText('5 hits in 2 runs').waitFor()
  const runs = page.locator('#main').getByRole('region').getByRole('heading')
  expect(await runs.allInnerTexts()).toEqual([
    expect.stringContaining('Store the keys'),
    expect.stringContaining('Refund the orders')
  ])
  expect(await page.locator('mark').allInnerTexts()).toContain('idempotency key')
  expect(await violationsOf(window)).toEqual([])

  await page.getByRole('button', { name: '1 more in this run' }).click()
  await page.getByRole('link', { name: /Step 1: the idempotencyKey/ }).waitFor()
  await page.getByRole('button', { name: 'Agent', exact: true }).click()
  await page.getByRole('menuitem', { name: 'api-kestrel' }).click()
  await page.getByText('4 hits in 1 run').waitFor()
  const preview = page.getByRole('complementary', { name: 'The hit in its run' })
  await preview.getByText('Refund the orders').waitFor()

  await page.getByRole('searchbox').press('Enter')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toContain('Step 3')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/runs\/.*at=/)
  await page.locator('article:focus').getByText('Step 3: the idempotencyKey').waitFor()
  expect(await page.getByRole('textbox', { name: 'Search this run' }).inputValue()).not.toBe('')
  expect(window.faults).toEqual([])
  await window.close()
})

test('what is not found, cannot be asked or cannot be read is said, on a phone as well', async () => {
  const window = await openWindow(browser, { viewport: { width: 390, height: 844 } })
  const { page } = window
  await signIn(app, window, '/search?q=nowhere&kind=thought')
  await page.getByText('No run says this with these filters').waitFor()
  if (isLooked('light', 390)) expect(await violationsOf(window)).toEqual([])
  await page.getByRole('button', { name: 'Clear filters' }).last().click()
  await page.getByText('No run says this', { exact: true }).waitFor()
  await page.getByRole('searchbox').fill('-draft')
  await page.getByRole('alert').getByText('Say also what should be there').waitFor()
  await page.route('**/api/v1/search?*', route =>
    route.fulfill({
      status: 503,
      json: { error: { code: 'STORE_UNAVAILABLE', message: 'What was said cannot be searched now' } }
    })
  )
  await page.getByRole('searchbox').fill('key')
  await page.getByText('Runs could not be searched').waitFor()
  await page.unroute('**/api/v1/search?*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('link', { name: /an idempotency key is stored/ }).waitFor()
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  expect(window.faults).toEqual([])
  await window.close()
})

import { createServer } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { approve, listApprovals } from '#contract/runs/approvals'
import { launchBrowser, openWindow, signIn } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { type Headless, startHeadless } from '../kit/headless.ts'
import { needs } from '../kit/needs.ts'
import { askToRun, play } from '../kit/play.ts'

const test = needs('chromium')
let browser: Browser
let headless: Headless

/** A port that is free now; the window must find the control plane where it was. */
function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

beforeAll(async () => {
  browser = await launchBrowser()
  headless = await startHeadless({ args: ['--port', String(await freePort())] })
})
afterAll(async () => {
  await browser?.close()
  await headless?.app.close()
})

test('a window outlives its control plane: it says from when it is, and catches up by itself', async () => {
  const { app } = headless
  await expect.poll(async () => (await app.call(listRunners)).data[0]?.status, { timeout: 15_000 }).toBe('online')
  const run = await play(app, 'Ask twice', [
    ...askToRun('k1', 'first'),
    { type: 'text', text: 'Between the two.' },
    ...askToRun('k2', 'second'),
    { type: 'result', text: 'ok' }
  ])
  await untilStatus(app, run.id, 'WAITING')
  const window = await openWindow(browser)
  const { page } = window
  await signIn(app, window, `/runs/${run.id}`)
  await page.getByRole('button', { name: 'Allow once' }).waitFor()

  await headless.kill('SIGKILL')
  await page.getByText(/^Reconnecting. Showing/).waitFor()
  await page.getByRole('button', { name: 'Allow once' }).click()
  await page.getByRole('alert').getByText('Flotilla does not answer').waitFor()

  headless = await headless.again()
  await expect
    .poll(async () => (await headless.app.call(listApprovals, { query: { status: 'pending' } })).data.length)
    .toBe(1)
  const [first] = (await headless.app.call(listApprovals, { query: { status: 'pending' } })).data
  await headless.app.call(approve, { params: { id: first?.id ?? '' }, body: {} })
  await page.getByText(/^Reconnecting. Showing/).waitFor({ state: 'hidden' })
  await page.getByRole('article', { name: /^Allowed once: first/ }).waitFor()
  await page.getByText('Between the two.').waitFor()
  await page.getByRole('group', { name: 'The agent wants to run a command' }).getByText('second').waitFor()
  await page.getByRole('button', { name: 'Allow once' }).click()
  await page.getByRole('article', { name: /^Done/ }).waitFor()
  expect(window.faults).toEqual([])
  await window.close()
})

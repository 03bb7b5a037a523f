import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { cancelRestore, changeRetention, deleteBackup, getData, listBackups, makeBackup } from '#contract/data'
import { launchRun } from '#contract/runs/runs'
import { getSystem } from '#contract/system'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { testClock } from '../kit/clock.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { connectRunner } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let windows: Window[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})
beforeEach(async () => {
  for (const { name } of (await app.call(listBackups)).data) await app.call(deleteBackup, { params: { name } })
})
afterEach(async () => {
  for (const window of windows) {
    expect(window.faults).toEqual([])
    await window.close()
  }
  windows = []
})

async function open(path: string, options: BrowserContextOptions = {}, on: App = app): Promise<Window> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await signIn(on, window, path)
  await window.page.getByRole('heading', { level: 1 }).waitFor()
  return window
}

test('retention: what would delete something asks with its words, what keeps more does not', async () => {
  const { page } = await open('/settings/data')
  const days = page.getByRole('textbox', { name: 'Ended runs', exact: true })
  await days.fill('0.5')
  await page.getByText('A whole number of days, from 1 to 36,500').waitFor()
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  await days.fill('30')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Keep less from now on?' })
  await dialog.getByText('Ended runs: 30 days instead of for ever').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect((await app.call(getData)).retention.runDays).toBeNull()
  await page.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('button', { name: 'Keep less' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect((await app.call(getData)).retention.runDays).toBe(30)
  await days.fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved').last().waitFor()
  await expect.poll(async () => (await app.call(getData)).retention.runDays).toBeNull()
})

test('a rule that a script changes stands in the open page', async () => {
  const { page } = await open('/settings/data')
  await page.getByRole('textbox', { name: 'Messages' }).waitFor()
  await page.waitForLoadState('networkidle')
  await app.call(changeRetention, { body: { messageDays: 365 } })
  await expect.poll(() => page.getByRole('textbox', { name: 'Messages' }).inputValue()).toBe('365')
})

test('a backup is made, put back at the next start with its consequence said, thought better of, and deleted', async () => {
  const { page } = await open('/settings/data')
  await page.getByText('There is no backup yet.').waitFor()
  await page.getByRole('button', { name: 'Make a backup now' }).click()
  const list = page.getByRole('list', { name: 'Backups' })
  await list.getByRole('button', { name: 'Put back' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Nothing changes until Flotilla is started again.').waitFor()
  await dialog.getByRole('button', { name: 'Put back at the next start' }).click()
  await page.getByRole('heading', { name: 'A backup is put back at the next start' }).waitFor()
  const [backup] = (await app.call(listBackups)).data
  expect((await app.call(getData)).restore).toBe(backup?.name)
  await app.call(cancelRestore)
  await page.getByRole('heading', { name: 'A backup is put back at the next start' }).waitFor({ state: 'detached' })
  await list.getByRole('button', { name: 'Delete' }).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('There is no backup yet.').waitFor()
  expect((await app.call(listBackups)).data).toEqual([])
  await app.call(makeBackup)
  await list.getByRole('button', { name: 'Put back' }).waitFor()
})

test('a run whose events were let go says so, and shows what is left', async () => {
  const clock = testClock()
  const old = await startApp({ clock })
  const runner = await connectRunner(old)
  const run = await old.call(launchRun, { body: { prompt: 'Weigh the anchor', runtime: 'claude-code' } })
  const assignment = await runner.claimOne()
  await runner.send(assignment, { type: 'started' })
  await runner.finish(assignment, 'SUCCEEDED', { result: 'It weighs two tons.' })
  clock.advance(20 * 86_400_000)
  const { page } = await open(`/runs/${run.id}`, {}, old)
  await page.waitForLoadState('networkidle')
  const gone = page.getByRole('region', { name: /^Events of run/ })
  expect(await gone.count()).toBe(0)
  await old.call(changeRetention, { body: { eventDays: 10 } })
  await gone.getByText(/were let go on/).waitFor()
  await gone.getByText('It weighs two tons.').waitFor()
  await old.close()
})

test('a key is changed under Keyboard and works at once', async () => {
  const { page } = await open('/settings/keyboard')
  await page.getByRole('button', { name: /^Key for Go to Runs/ }).click()
  await page.keyboard.press('F2')
  await page.getByRole('button', { name: 'Key for Go to Runs: F2. Change' }).waitFor()
  await page.keyboard.press('F2')
  await page.waitForURL('**/runs')
  await page.goto(`${app.url}/settings/keyboard`)
  await page.getByRole('button', { name: 'Use the keys of before' }).click()
  await page.getByRole('button', { name: 'Key for Go to Runs: g r. Change' }).waitFor()
})

test('every runtime says on which runner it works, and About which version this is', async () => {
  const runner = await connectRunner(app, { name: 'build-box' })
  const { page } = await open('/settings/runtimes')
  const row = page.getByRole('region', { name: 'Claude Code' }).getByRole('listitem').filter({ hasText: 'build-box' })
  await row.getByText('1.0.0, signed in').waitFor()
  await runner.leave()
  await row.getByText('runner offline').waitFor()
  await page.getByRole('link', { name: 'About' }).click()
  const { version } = await app.call(getSystem)
  await page.getByText(`Flotilla ${version}`).waitFor()
})

describe.each(lookedThemes)('in the %s theme', colorScheme => {
  test.each([1440, 390].filter(width => isLooked(colorScheme, width)))('axe finds nothing at %i px', async width => {
    await app.call(makeBackup)
    const window = await open('/settings/data', { colorScheme, viewport: { width, height: 800 } })
    await window.page.getByRole('list', { name: 'Backups' }).waitFor()
    expect(await violationsOf(window)).toEqual([])
    for (const section of ['Runtimes', 'Keyboard', 'About']) {
      await window.page.getByRole('link', { name: section }).click()
      await window.page.getByRole('region', { name: section, exact: true }).getByRole('heading').first().waitFor()
      expect(await violationsOf(window), section).toEqual([])
    }
  })
})

test('nothing scrolls sideways, however narrow', async () => {
  await app.call(makeBackup)
  const { page } = await open('/settings/data')
  await page.getByRole('list', { name: 'Backups' }).waitFor()
  for (const width of [1024, 390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
  }
})

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { isLooked } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { askToRun, play } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let windows: Window[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true })
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})
afterEach(async () => {
  for (const window of windows) {
    expect(window.faults).toEqual([])
    await window.close()
  }
  windows = []
})

/** Stands in for what the system draws, which no page can see. `permission` is what the browser was told. */
const standIn = (permission: string) => `
  window.told = []
  window.Notification = class extends EventTarget {
    static permission = ${JSON.stringify(permission)}
    static async requestPermission() { return (this.permission = 'granted') }
    constructor(title, options) { super(); window.told.push({ title, ...options, it: this }) }
    close() { this.closed = true }
  }`

async function open(path: string, permission = 'granted', options: BrowserContextOptions = {}): Promise<Page> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await window.page.addInitScript(standIn(permission))
  await signIn(app, window, path)
  return window.page
}

const told = (page: Page) =>
  page.evaluate('window.told.map(({ title, body, silent }) => ({ title, body, silent }))') as Promise<
    { title: string; body: string; silent: boolean }[]
  >
const check = (page: Page, name: string) => page.getByRole('checkbox', { name })

describe('a browser tells of what it is asked to', () => {
  test('an agent that needs its person: told once, leads to its run, taken back when answered', async () => {
    const page = await open('/settings/notifications')
    await check(page, 'An agent needs you').waitFor()
    const run = await play(app, 'ask me', askToRun('q', 'rm -rf build'))
    await expect.poll(() => told(page)).toMatchObject([{ title: `Run ${run.number} needs you`, silent: false }])
    expect((await told(page))[0]?.body).toContain('rm -rf build')
    await page.evaluate("window.told[0].it.dispatchEvent(new Event('click'))")
    await page.waitForURL(`**/runs/${run.id}`)
    await page
      .getByRole('button', { name: /Allow once/ })
      .first()
      .click()
    await expect.poll(() => page.evaluate('window.told[0].it.closed === true')).toBe(true)
  })

  test('a run that is done only when that is wished for; without sound when that is not', async () => {
    const page = await open('/settings/notifications')
    await check(page, 'A run is done').check()
    await check(page, 'Play a sound').uncheck()
    await check(page, 'A run failed').uncheck()
    const failing = await play(app, 'fail', [{ type: 'error', code: 'X', message: 'No.' }])
    const run = await play(app, 'be quick', [{ type: 'result', text: 'Quick it was.' }])
    await expect.poll(async () => (await told(page)).map(one => one.title)).toContain(`Run ${run.number} is done`)
    expect((await told(page)).map(one => one.title)).not.toContain(`Run ${failing.number} failed`)
    expect((await told(page)).every(one => one.silent)).toBe(true)
    await page.reload()
    await expect.poll(() => check(page, 'A run is done').isChecked()).toBe(true)
    expect(await check(page, 'Play a sound').isChecked()).toBe(false)
  })

  test('nothing in quiet hours', async () => {
    const page = await open('/settings/notifications')
    await check(page, 'A run is done').check()
    await check(page, 'Keep quiet every day').check()
    const now = new Date()
    const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toTimeString().slice(0, 5)
    await page.getByLabel('From').fill(at(-60))
    await page.getByLabel('to', { exact: true }).fill(at(60))
    // What the list shows live the page has heard.
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
    await page.waitForLoadState('networkidle')
    await play(app, 'be quiet', [{ type: 'result', text: 'Quiet it was.' }])
    await page.getByRole('row').filter({ hasText: 'be quiet' }).filter({ hasText: 'Done' }).waitFor()
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await page.getByRole('link', { name: 'Notifications' }).click()
    await check(page, 'Keep quiet every day').uncheck()
    const loud = await play(app, 'be loud', [{ type: 'result', text: 'Loud it was.' }])
    await expect.poll(async () => (await told(page)).map(one => one.title)).toContain(`Run ${loud.number} is done`)
    expect((await told(page)).map(one => one.body)).not.toContain('Quiet it was.')
  })
})

describe('what a browser allows', () => {
  test('is asked for by a button, and tried', async () => {
    const page = await open('/settings/notifications', 'default')
    await page.getByRole('button', { name: 'Allow notifications' }).click()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText('If you see none').waitFor()
    expect(await told(page)).toMatchObject([{ title: 'Flotilla' }])
  })

  test('is said where it was refused, with the way out and without a button that cannot help', async () => {
    const page = await open('/settings/notifications', 'denied')
    await page.getByText('It was told not to show notifications').waitFor()
    await page.getByText('Open the settings of this site').waitFor()
    expect(await page.getByRole('button', { name: /Allow|Send/ }).count()).toBe(0)
  })
})

test.each([
  ['light', 1440],
  ['dark', 1440],
  ['light', 390],
  ['dark', 390]
] as const)('%s at %d px: axe finds nothing, and nothing scrolls sideways', async (colorScheme, width) => {
  if (!isLooked(colorScheme, width)) return
  const page = await open('/settings/notifications', 'granted', { colorScheme, viewport: { width, height: 844 } })
  await check(page, 'Keep quiet every day').check()
  await page.getByLabel('From').waitFor()
  expect(await violationsOf(windows[0] as Window)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
})

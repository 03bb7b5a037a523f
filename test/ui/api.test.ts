import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { createKey, deleteKey, listKeys } from '#contract/people/keys'
import { getMe } from '#contract/people/login'
import { getSystem } from '#contract/system'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { join } from '../kit/people.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
const run = promisify(execFile)
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
afterEach(async () => {
  for (const window of windows) {
    expect(window.faults).toEqual([])
    await window.close()
  }
  windows = []
})

async function open(options: BrowserContextOptions = {}, token?: string): Promise<Window> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await signIn(app, window, '/api-keys', token)
  await window.page.getByRole('heading', { level: 1, name: 'API' }).waitFor()
  return window
}

test('a key is made by keyboard, shown once, reaches as far as was chosen, and is revoked', async () => {
  const { page } = await open()
  await page.getByRole('heading', { name: 'No keys yet' }).waitFor()
  await page.keyboard.press('Shift+N')
  await page.getByRole('textbox', { name: 'Name' }).focus()
  await page.keyboard.type('Nightly <script> 🦀')
  await page.getByRole('combobox', { name: 'Ends' }).selectOption('In 7 days')
  await page.getByRole('textbox', { name: 'Name' }).press('Enter')
  const once = page.getByRole('dialog', { name: 'Copy the key now' })
  const made = (await once.locator('pre').textContent()) ?? ''
  expect((await app.call(getMe, {}, made)).scopes).toEqual(['read'])
  await once.getByRole('button', { name: 'Done' }).click()
  const row = page.getByRole('list', { name: 'API keys' }).getByRole('listitem')
  await row.getByText('Nightly <script> 🦀').waitFor()
  await row.getByText('in 7 days').waitFor()
  expect(await page.locator('body').textContent()).not.toContain(made)
  await row.getByRole('button', { name: /^Revoke .*Nightly/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('heading', { name: 'No keys yet' }).waitFor()
  expect((await app.call(listKeys)).data).toEqual([])
})

test('a name that was typed survives a refusal', async () => {
  const { page } = await open()
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('CI')
  await page.route('**/api/v1/keys', route => route.abort())
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByText('Flotilla does not answer. It may have been stopped.').waitFor()
  expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('CI')
})

test('a key that a script makes or revokes stands in the open page', async () => {
  const { page } = await open()
  await page.waitForLoadState('networkidle')
  const { id } = await app.call(createKey, { body: { name: 'of a script' } })
  await page.getByText('of a script').waitFor()
  await app.call(deleteKey, { params: { id } })
  await page.getByText('of a script').waitFor({ state: 'detached' })
})

test('who may only look is offered no more than that', async () => {
  const { page } = await open({}, (await join(app, 'viewer')).token)
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByRole('checkbox', { name: /^Read/ }).waitFor()
  expect(await page.getByRole('checkbox').count()).toBe(1)
})

test('every base URL stands there with its limits and a document that opens', async () => {
  const { page } = await open()
  const { faces } = await app.call(getSystem)
  const rows = page.getByRole('list', { name: 'Base URLs' }).getByRole('listitem')
  await expect.poll(() => rows.count()).toBe(faces.length)
  for (const { baseUrl } of faces) await rows.getByText(baseUrl, { exact: true }).waitFor()
  await rows.getByText('600 requests a minute per key').first().waitFor()
  for (const link of await rows.getByRole('link', { name: /^Documentation/ }).all()) {
    const docs = await link.getAttribute('href')
    expect((await fetch(docs ?? '')).status).toBe(200)
  }
})

test('every example works as it is pasted, and tells when the key is wrong', async () => {
  await app.call(createAgent, { body: { name: 'cart-heron' } })
  const { page } = await open()
  const { id, key } = await app.call(createKey, { body: { name: 'example', scopes: ['read'] } })
  const env = { ...process.env, FLOTILLA_KEY: key }
  const wrong = { ...process.env, FLOTILLA_KEY: 'flt_live_wrong' }
  const shown = async (language: string) => {
    await page.getByRole('tab', { name: language }).click()
    return (await page.getByRole('tabpanel', { name: language }).locator('pre').textContent()) ?? ''
  }
  const ways: Record<string, (code: string) => [string, string[]]> = {
    curl: code => ['sh', ['-c', code]],
    JavaScript: code => [process.execPath, ['--input-type=module', '-e', code]],
    Python: code => ['python3', ['-c', code]]
  }
  // It knows no agents: there are runners.
  const expected: Record<string, string> = { AgentFleet: '"data"' }
  const offered = page.getByRole('combobox', { name: 'API' })
  for (const face of await offered.locator('option').allTextContents()) {
    await offered.selectOption(face)
    for (const [language, way] of Object.entries(ways)) {
      const [program, args] = way(await shown(language))
      expect((await run(program, args, { env })).stdout, `${face}, ${language}`).toContain(
        expected[face] ?? 'cart-heron'
      )
      await expect(run(program, args, { env: wrong }), `${face}, ${language}`).rejects.toThrow()
    }
  }
  await app.call(deleteKey, { params: { id } })
})

describe.each(lookedThemes)('in the %s theme', colorScheme => {
  test.each([1440, 390].filter(width => isLooked(colorScheme, width)))('axe finds nothing at %i px', async width => {
    const window = await open({ colorScheme, viewport: { width, height: 800 } })
    await window.page.getByRole('tabpanel').locator('pre').waitFor()
    expect(await violationsOf(window)).toEqual([])
    await window.page.getByRole('button', { name: 'New key' }).click()
    await window.page.getByRole('dialog').waitFor()
    expect(await violationsOf(window)).toEqual([])
  })
})

test('nothing scrolls sideways, however narrow', async () => {
  await app.call(createKey, { body: { name: '宽'.repeat(64) } })
  const { page } = await open()
  await page.getByText('宽宽').waitFor()
  for (const width of [1440, 1024, 390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
  }
})

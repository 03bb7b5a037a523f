import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { deleteSecret, listSecrets, setSecret } from '#contract/fleet/secrets'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { join } from '../kit/people.ts'
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
  for (const { key, scope, agentId } of (await app.call(listSecrets)).data)
    await app.call(deleteSecret, { params: { key }, query: { scope, ...(agentId === null ? {} : { agentId }) } })
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
  await signIn(app, window, '/secrets', token)
  await window.page.getByRole('heading', { level: 1, name: 'Secrets' }).waitFor()
  return window
}

const seen = () => app.call(setSecret, { body: { key: 'SEEN', value: 'long enough' } })
const keysOf = async () => (await app.call(listSecrets)).data.map(secret => secret.key)

test('a secret is made by keyboard, its key checked as it is typed, its value never shown', async () => {
  const { page } = await open()
  await page.getByRole('heading', { name: 'No secrets yet' }).waitFor()
  await page.keyboard.press('Shift+N')
  const dialog = page.getByRole('dialog', { name: 'New secret' })
  await dialog.getByRole('textbox', { name: 'Key' }).focus()
  await page.keyboard.type('path')
  await dialog.getByText(/PATH decides how programs run/).waitFor()
  await dialog.getByRole('textbox', { name: 'Key' }).fill('1st')
  await dialog.getByText('Upper case letters, digits and _, beginning with a letter').waitFor()
  await dialog.getByRole('textbox', { name: 'Key' }).fill('registry token')
  await dialog.getByRole('textbox', { name: 'Value' }).fill('short')
  await dialog.getByText(/Fewer than 8 characters/).waitFor()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText(/REGISTRY_TOKEN has fewer than 8 characters/).waitFor()
  const row = page.getByRole('list', { name: 'Secrets' }).getByRole('listitem')
  await row.getByText('REGISTRY_TOKEN', { exact: true }).waitFor()
  expect(await row.textContent()).not.toContain('short')
  expect(await keysOf()).toEqual(['REGISTRY_TOKEN'])
})

test('what a script sets and deletes stands in the open page; what is searched for stands in the address', async () => {
  await seen()
  const { page } = await open()
  const { id: agentId } = await app.call(createAgent, { body: { name: '<b>مرحبا</b> 🦀' } })
  await page.waitForLoadState('networkidle')
  await app.call(setSecret, { body: { key: 'OF_AGENT', value: 'long enough', scope: 'agent', agentId } })
  await page.getByText('OF_AGENT').waitFor()
  await page.getByRole('searchbox', { name: 'Find a secret' }).fill('of_ag')
  await expect.poll(() => page.getByRole('listitem').filter({ hasText: 'Key' }).count()).toBe(1)
  expect(page.url()).toContain('search=of_ag')
  await app.call(deleteSecret, { params: { key: 'OF_AGENT' }, query: { scope: 'agent', agentId } })
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
})

test('a value is replaced, what was typed survives a refusal, and a secret is deleted', async () => {
  await app.call(setSecret, { body: { key: 'REGISTRY_TOKEN', value: 'the first value' } })
  const before = (await app.call(listSecrets)).data[0]?.updatedAt
  const { page } = await open()
  await page.getByRole('button', { name: 'Replace REGISTRY_TOKEN' }).click()
  const dialog = page.getByRole('dialog')
  const value = dialog.getByRole('textbox', { name: 'Value' })
  await value.fill('the second value')
  await page.route('**/api/v1/secrets', route => route.abort())
  await dialog.getByRole('button', { name: 'Replace' }).click()
  await dialog.getByText('Flotilla does not answer. It may have been stopped.').waitFor()
  expect(await value.inputValue()).toBe('the second value')
  await page.unrouteAll()
  await dialog.getByRole('button', { name: 'Replace' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect((await app.call(listSecrets)).data[0]?.updatedAt).not.toBe(before)
  await page.getByRole('button', { name: 'Delete REGISTRY_TOKEN' }).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'No secrets yet' }).waitFor()
  expect(await keysOf()).toEqual([])
})

test('who may only look sees why, and has no buttons', async () => {
  await seen()
  const { token } = await join(app, 'viewer')
  const { page } = await open({}, token)
  await page.getByText(/You can look; to change them takes the role of a member/).waitFor()
  expect(await page.getByRole('button', { name: /Replace|Delete|New secret/ }).count()).toBe(0)
})

test('one that is sealed with another data key says so, and a list that fails says what to do', async () => {
  await seen()
  const { page } = await open()
  await page.route('**/api/v1/secrets', async route => {
    const answer = await route.fetch()
    const { data } = (await answer.json()) as { data: object[] }
    await route.fulfill({ response: answer, json: { data: data.map(secret => ({ ...secret, readable: false })) } })
  })
  await page.reload()
  await page.getByText('Cannot be read').waitFor()
  await page.unrouteAll()
  await page.route('**/api/v1/secrets', route => route.fulfill({ status: 500, json: {} }))
  await page.reload()
  await page.getByRole('heading', { name: 'The secrets could not be listed' }).waitFor()
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('SEEN').waitFor()
})

describe.each(lookedThemes)('in the %s theme', colorScheme => {
  test.each([1440, 390].filter(width => isLooked(colorScheme, width)))('axe finds nothing at %i px', async width => {
    await seen()
    const window = await open({ colorScheme, viewport: { width, height: 800 } })
    await window.page.getByRole('listitem').first().waitFor()
    expect(await violationsOf(window)).toEqual([])
  })

  test('axe finds nothing in the form', async () => {
    const window = await open({ colorScheme })
    await window.page.getByRole('button', { name: 'New secret' }).click()
    await window.page.getByRole('dialog').waitFor()
    expect(await violationsOf(window)).toEqual([])
  })
})

test('nothing scrolls sideways, however narrow and however long the key', async () => {
  await app.call(setSecret, { body: { key: `W${'IDE'.repeat(42)}`, value: 'long enough' } })
  const { page } = await open()
  await page.getByText(/^WIDEIDE/).waitFor()
  for (const width of [1440, 1024, 390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
  }
})

import { readFileSync } from 'node:fs'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { listAudit } from '#contract/audit/audit'
import { changeAgent, createAgent } from '#contract/fleet/agents'
import { setSecret } from '#contract/fleet/secrets'
import { createTask } from '#contract/work/tasks'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { join } from '../kit/people.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let agentId = ''
let windows: Window[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp()
  agentId = (await app.call(createAgent, { body: { name: 'api-kestrel' } })).id
  await app.call(changeAgent, { params: { id: agentId }, body: { role: 'Keeper', tags: ['night'] } })
  await app.call(setSecret, { body: { key: 'REGISTRY_TOKEN', value: 'long enough' } })
  await app.call(createTask, { body: { title: '<b>مرحبا</b> 🦀', input: 'x' } })
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

async function open(path = '/audit', options: BrowserContextOptions = {}, token?: string): Promise<Window> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await signIn(app, window, path, token)
  await window.page.getByRole('heading', { level: 1, name: /Audit log|Entry/ }).waitFor()
  return window
}

const entries = async () => (await app.call(listAudit)).pagination.total

test('every entry tells when, who, what, on what and how it changed', async () => {
  const { page } = await open()
  const row = page.getByRole('row').filter({ hasText: 'agent.changed' })
  await row.getByText('role none → Keeper, tags none → night').waitFor()
  await row.getByText('you').waitFor()
  await row.getByText('agent api-kestrel').waitFor()
  await page.getByRole('row').filter({ hasText: 'secret REGISTRY_TOKEN' }).getByText('sealed not kept').waitFor()
  await page.getByRole('row').filter({ hasText: 'task.created' }).getByText('task <b>مرحبا</b> 🦀').waitFor()
})

test('fields that are typed become filters that stand in the address, by keyboard alone', async () => {
  const { page } = await open()
  await page.getByRole('row').filter({ hasText: 'secret.created' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('action:agent.* colour:red')
  await page.keyboard.press('Enter')
  await page.getByText(/There is no field “colour”/).waitFor()
  expect(await page.getByRole('searchbox').inputValue()).toBe('action:agent.* colour:red')
  await page.getByRole('searchbox').fill('action:agent.* keeper')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /Action: .*Agents.*Leave it out/ }).waitFor()
  await page.getByText('1 entry', { exact: true }).waitFor()
  expect(page.url()).toContain('action=agent.*')
  await page.goBack()
  await page.getByRole('row').filter({ hasText: 'secret.created' }).waitFor()
  await page.goto(`${app.url}/audit?actor=nobody`)
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
  await page.getByRole('button', { name: 'Clear' }).click()
  await page.getByRole('row').filter({ hasText: 'secret.created' }).waitFor()
})

test('an entry opens with what was before and after, and leads to all that was done to the same', async () => {
  const { page } = await open('/audit?search=keeper')
  await page.getByRole('row').filter({ hasText: 'agent.changed' }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const entry = page.getByRole('complementary', { name: 'Entry' })
  await entry.getByRole('row', { name: 'role Keeper' }).waitFor()
  expect(await entry.locator('pre').textContent()).toContain('"action": "agent.changed"')
  await entry.getByRole('link', { name: 'agent api-kestrel' }).waitFor()
  await page.keyboard.press('Escape')
  await entry.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'agent.changed' }).click()
  await entry.getByRole('link', { name: 'All on this agent' }).click()
  await page.getByRole('button', { name: /^On: / }).waitFor()
  expect(new URL(page.url()).searchParams.get('on')).toBe(agentId)
})

test('what happens elsewhere stands in the open log; while a reader scrolled down it waits for him', async () => {
  for (let n = 0; n < 60; n++) await app.call(changeAgent, { params: { id: agentId }, body: { role: `Role ${n}` } })
  const { page } = await open()
  await page.getByText('role Role 58 → Role 59').waitFor()
  await page.waitForLoadState('networkidle')
  await app.call(setSecret, { body: { key: 'APPEARED', value: 'long enough' } })
  await page.getByText('secret APPEARED').waitFor()
  const grid = page.getByRole('grid', { name: 'Audit log' })
  await grid.evaluate(element => element.scrollTo({ top: 400 }))
  await app.call(setSecret, { body: { key: 'HELD_BACK', value: 'long enough' } })
  await page.getByRole('button', { name: '1 new entry' }).click()
  await page.getByText('secret HELD_BACK').waitFor()
})

test('the chain is checked, and its fault names the entry', async () => {
  const { page } = await open()
  await page.getByRole('button', { name: 'Check the chain' }).click()
  await page.getByText('Untouched').waitFor()
  await page.getByText(`${await entries()} entries in order, up to the sealed end`, { exact: false }).waitFor()
  const fault = { kind: 'edited', seq: 2, message: 'Entry 2 was changed after it was written' }
  await page.route('**/api/v1/audit/verify', route =>
    route.fulfill({ json: { ok: false, entries: 70, checked: 1, fault } })
  )
  await page.getByRole('button', { name: 'Check the chain' }).click()
  await page.getByText('Tampered with').waitFor()
  await page.getByRole('link', { name: 'Open entry 2' }).click()
  await page.getByRole('complementary', { name: 'Entry' }).getByRole('heading', { name: 'Entry 2' }).waitFor()
})

test('what is filtered is what is exported', async () => {
  const { page } = await open('/audit?search=REGISTRY_TOKEN')
  await page.getByText('1 entry', { exact: true }).waitFor()
  const given = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: /JSON Lines/ }).click()
  const download = await given
  expect(download.suggestedFilename()).toMatch(/^flotilla-audit-.*\.jsonl$/)
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n')
  expect(lines.map(line => JSON.parse(line).target)).toEqual([{ type: 'secret', id: 'REGISTRY_TOKEN' }])
})

test('who is no admin is told so, and a log that cannot be read says what to do', async () => {
  const { token } = await join(app, 'member')
  const { page: theirs } = await open('/audit', {}, token)
  await theirs.getByRole('heading', { name: 'The audit log is for admins' }).waitFor()
  const { page } = await open()
  await page.route('**/api/v1/audit?*', route => route.fulfill({ status: 500, json: {} }))
  await page.reload()
  await page.getByRole('heading', { name: 'The log could not be read' }).waitFor()
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('row').filter({ hasText: 'agent.changed' }).first().waitFor()
})

describe.each(lookedThemes)('in the %s theme', colorScheme => {
  test.each([1440, 390].filter(width => isLooked(colorScheme, width)))(
    'axe finds nothing at %i px, with an entry open and without',
    async width => {
      const window = await open('/audit', { colorScheme, viewport: { width, height: 800 } })
      await window.page.getByRole('row', { name: 'session.created' }).first().waitFor()
      expect(await violationsOf(window)).toEqual([])
      await window.page.goto(`${app.url}/audit?entry=3`)
      await window.page.getByRole('heading', { name: 'Entry 3' }).waitFor()
      expect(await violationsOf(window)).toEqual([])
    }
  )
})

test('nothing scrolls sideways, however narrow', async () => {
  const { page } = await open()
  for (const width of [1440, 1024, 390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    for (const path of ['/audit', '/audit?entry=4']) {
      await page.goto(app.url + path)
      await page
        .getByText(/session\.created|Entry 4/)
        .first()
        .waitFor()
      expect(await page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
    }
  }
})

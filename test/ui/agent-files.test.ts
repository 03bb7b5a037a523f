import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { changeAgent, createAgent, getAgent, listAgents } from '#contract/fleet/agents'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { needs } from '../kit/needs.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

async function open(path: string, width = 1440, colorScheme: 'light' | 'dark' = 'light'): Promise<Window> {
  const window = await openWindow(browser, { colorScheme, viewport: { width, height: 844 }, hasTouch: width < 1000 })
  await signIn(app, window, path)
  return window
}

const fileOf = (content: unknown, name = 'agents.json') => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
})
const total = async () => (await app.call(listAgents)).pagination.total

test('what is exported in one fleet is imported into another, once its names are free; it can be undone', async () => {
  const above = await app.call(createAgent, { body: { name: 'export-above' } })
  const below = await app.call(createAgent, {
    body: { name: 'export-below', team: 'Files', permissionMode: 'plan', managerId: above.id }
  })
  const window = await open('/fleet')
  const { page } = window
  for (const name of ['export-above', 'export-below'])
    await page.getByRole('checkbox', { name: new RegExp(name) }).check({ force: true })
  const download = page.waitForEvent('download')
  await page.getByRole('region', { name: 'Selected agents' }).getByRole('button', { name: 'Export' }).click()
  const path = await (await download).path()
  const file = JSON.parse(readFileSync(path, 'utf8')) as { agents: { name: string; manager: string | null }[] }
  expect(file.agents.map(({ name, manager }) => [name, manager]).sort()).toEqual([
    ['export-above', null],
    ['export-below', 'export-above']
  ])
  await app.call(changeAgent, { params: { id: above.id }, body: { name: 'renamed-above', slug: 'renamed-above' } })
  await page.getByRole('link', { name: 'Import' }).click()
  await page.getByLabel('File of agents').setInputFiles(fileOf(file))
  const list = page.getByRole('list', { name: 'Agents of the file' })
  await list.getByText('another agent is called export-below').waitFor()
  await page.getByRole('button', { name: 'Import 1 agent' }).waitFor()
  await page.getByRole('textbox', { name: /^Other name for/ }).fill('import-below')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Import 2 agents' }).click()
  await page.getByText('2 agents imported').waitFor()
  const made = (await app.call(listAgents)).data.find(agent => agent.name === 'import-below')
  expect(made).toMatchObject({ team: 'Files', permissionMode: 'plan', status: 'idle' })
  expect((await app.call(getAgent, { params: { id: made?.managerId ?? '' } })).name).toBe('export-above')
  await page.getByRole('button', { name: /Undo/ }).click()
  await expect.poll(async () => (await app.call(getAgent, { params: { id: made?.id ?? '' } })).status).toBe('archived')
  expect((await app.call(getAgent, { params: { id: below.id } })).status).toBe('idle')
  expect(window.faults).toEqual([])
  await window.close()
})

test('what cannot be read or made says so, and nothing is made', async () => {
  const before = await total()
  const window = await open('/fleet/import')
  const { page } = window
  const choose = (content: unknown) => page.getByLabel('File of agents').setInputFiles(fileOf(content))
  await choose('- name: yaml')
  await page.getByText(/It is not JSON/).waitFor()
  await choose('x'.repeat(10_000_001))
  await page.getByText(/A file may have 10 MB/).waitFor()
  await choose({ agents: [{ name: 'odd-runtime', runtime: 'nothing-known' }, {}, 'none', { name: 'left-out' }] })
  await page.getByRole('button', { name: 'Import 1 agent' }).waitFor()
  await page.getByRole('checkbox', { name: /left-out/ }).uncheck()
  expect(await page.getByRole('button', { name: 'Import 0 agents' }).isDisabled()).toBe(true)
  await page.getByRole('button', { name: 'Use the best runtime' }).click()
  await page.getByRole('button', { name: 'Import 1 agent' }).waitFor()
  expect(await total()).toBe(before)
  expect(window.faults).toEqual([])
  await window.close()
})

test('a thousand of the widest names are looked at, axe finds nothing, and nothing scrolls sideways', async () => {
  const agents = Array.from({ length: 1000 }, (_, i) => ({
    name: `${'Ｗ'.repeat(60)}${i}`,
    runtime: i === 1 ? '\u202e<b>' : null
  }))
  for (const [width, theme] of [
    [1440, 'light'],
    [390, 'dark']
  ] as const) {
    const window = await open('/fleet/import', width, theme)
    await window.page.getByLabel('File of agents').setInputFiles(fileOf({ agents }))
    await window.page.getByRole('button', { name: 'Import 999 agents' }).waitFor()
    expect(await violationsOf(window)).toEqual([])
    expect(await window.page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
    expect(await window.page.getByRole('listitem').count()).toBeLessThan(60)
    await window.close()
  }
})

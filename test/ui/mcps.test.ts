import { writeFileSync } from 'node:fs'
import { join as pathOf } from 'node:path'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { createMcp, deleteMcp, listMcps } from '#contract/fleet/mcps'
import { setSecret } from '#contract/fleet/secrets'
import { listRunners } from '#contract/runners/runners'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { join } from '../kit/people.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let windows: Window[] = []
const script = pathOf(temporaryFolder(), 'issue mcp.mjs')

/** An MCP server that tells by the name of its tool which token it was given. */
const server = `
import { createInterface } from 'node:readline'
const answers = {
  initialize: params => ({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'issues', version: '1' } }),
  'tools/list': () => ({ tools: [{ name: 'find_' + process.env.TOKEN.length, description: 'Finds issues', inputSchema: { type: 'object' } }] })
}
createInterface({ input: process.stdin }).on('line', line => {
  const { id, method, params } = JSON.parse(line)
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method]?.(params) ?? {} }) + '\\n')
})`

beforeAll(async () => {
  writeFileSync(script, server)
  browser = await launchBrowser()
  app = await startApp({ runner: true })
  await vi.waitFor(async () => {
    const { data } = await app.call(listRunners)
    if (!data.some(({ status }) => status === 'online')) throw new Error('no runner is there yet')
  }, 60_000)
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
  await signIn(app, window, '/mcps', token)
  await window.page.getByRole('heading', { level: 1, name: 'MCP servers' }).waitFor()
  return window
}

const known = async () => (await app.call(listMcps)).data

test('one is added by keyboard with a variable from a secret, and tested: its tools are listed', async () => {
  await app.call(setSecret, { body: { key: 'ISSUES_API_KEY', value: 'twelve chars' } })
  const { page } = await open()
  await page.getByRole('heading', { name: 'No MCP servers yet' }).waitFor()
  await page.keyboard.press('Shift+N')
  await page.getByRole('textbox', { name: 'Name', exact: true }).focus()
  await page.keyboard.type('issue-tracker')
  const command = page.getByRole('textbox', { name: 'Command' })
  await command.fill(`${process.execPath} "${script}`)
  await page.getByText('A quote stands open').waitFor()
  await command.fill(`${process.execPath} "${script}"`)
  await page.getByRole('button', { name: 'Add a variable' }).click()
  await page.getByRole('textbox', { name: 'Name of variable 1' }).fill('TOKEN')
  await page.getByRole('combobox', { name: 'Source of variable 1' }).selectOption('Secret ISSUES_API_KEY')
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
  const row = page.getByRole('list', { name: 'MCP servers' }).getByRole('listitem')
  await row.getByText('sets TOKEN').waitFor()
  await row.getByText('Not tried yet').waitFor()
  expect(await known()).toMatchObject([{ name: 'issue-tracker', args: [script], envKeys: ['TOKEN'] }])
  await row.getByRole('button', { name: /^Test .*issue-tracker/ }).click()
  await page.getByText('It answers, with 1 tool').waitFor()
  await page.getByRole('list', { name: 'Tools' }).getByText('find_12').waitFor()
  await page.getByRole('button', { name: 'Close' }).click()
  await row.getByText('Answers', { exact: true }).waitFor()
})

test('one that does not work says why, in the test and in its row', async () => {
  const { id } = await app.call(createMcp, { body: { name: 'broken', transport: 'stdio', command: '/not/there' } })
  const { page } = await open()
  await page.getByRole('button', { name: /^Test .*broken/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Does not work').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'broken' })
  await row.getByText('Does not work').waitFor()
  expect((await known()).find(one => one.id === id)?.status).toBe('failed')
  await app.call(deleteMcp, { params: { id } })
  await row.waitFor({ state: 'detached' })
})

test('what is edited keeps the values that nobody can see, unless they are set anew', async () => {
  const env = { TOKEN: 'a value that stays', OTHER: 'x' }
  const { id } = await app.call(createMcp, { body: { name: 'kept', transport: 'stdio', command: 'a', env } })
  const { page } = await open()
  const edit = async () => {
    await page.getByRole('button', { name: /^Edit .*kept/ }).click()
    return page.getByRole('dialog')
  }
  const dialog = await edit()
  await dialog.getByText('Its variables TOKEN, OTHER stay as they are; their values cannot be shown.').waitFor()
  await dialog.getByRole('textbox', { name: 'Command' }).fill('b --flag')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect((await known()).find(one => one.id === id)).toMatchObject({
    command: 'b',
    args: ['--flag'],
    envKeys: ['TOKEN', 'OTHER']
  })
  await edit()
  await dialog.getByRole('button', { name: 'Set them anew' }).click()
  await dialog.getByRole('button', { name: 'Remove variable 2' }).click()
  await dialog.getByRole('textbox', { name: 'Name of variable 1' }).fill('A=B')
  await dialog.getByText('the name of a variable holds neither = nor NUL').waitFor()
  await dialog.getByRole('textbox', { name: 'Name of variable 1' }).fill('NEW_TOKEN')
  await dialog.getByRole('textbox', { name: 'Value of variable 1' }).fill('typed')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect((await known()).find(one => one.id === id)?.envKeys).toEqual(['NEW_TOKEN'])
})

test('a name that is taken is said at the field, with all that was typed; deleting says which agents lose it', async () => {
  const { id } = await app.call(createMcp, {
    body: { name: 'design-files', transport: 'http', url: 'http://127.0.0.1:9/mcp' }
  })
  await app.call(createAgent, { body: { name: 'ui-lumen', mcpIds: [id] } })
  const { page } = await open()
  await page.getByRole('button', { name: 'Add server' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('design-files')
  await dialog.getByRole('combobox', { name: 'How it is reached' }).selectOption({ index: 1 })
  await dialog.getByRole('textbox', { name: 'Address' }).fill('https://design.example/mcp')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await dialog.getByText('is taken').waitFor()
  expect(await dialog.getByRole('textbox', { name: 'Address' }).inputValue()).toBe('https://design.example/mcp')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'design-files' })
  await row.getByText('All 1 agent').waitFor()
  await row.getByRole('button', { name: /^Delete .*design-files/ }).click()
  await dialog.getByText('It is given to ui-lumen.').waitFor()
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  await row.waitFor({ state: 'detached' })
  expect((await known()).map(({ name }) => name)).not.toContain('design-files')
})

test('who may only look sees why, and has no buttons', async () => {
  const { page } = await open({}, (await join(app, 'viewer')).token)
  await page.getByText(/You can look; to test or change them takes the role of a member/).waitFor()
  expect(await page.getByRole('button', { name: /^Test|^Edit|^Delete|Add server/ }).count()).toBe(0)
})

describe.each(lookedThemes)('in the %s theme', colorScheme => {
  test.each([1440, 390].filter(width => isLooked(colorScheme, width)))('axe finds nothing at %i px', async width => {
    const window = await open({ colorScheme, viewport: { width, height: 800 } })
    await window.page.getByRole('listitem').first().waitFor()
    expect(await violationsOf(window)).toEqual([])
    await window.page.getByRole('button', { name: /^Test .*issue-tracker/ }).click()
    await window.page.getByText('It answers').waitFor()
    expect(await violationsOf(window)).toEqual([])
    await window.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await window.page.getByRole('button', { name: 'Add server' }).click()
    await window.page.getByRole('button', { name: 'Add a variable' }).click()
    expect(await violationsOf(window)).toEqual([])
  })
})

test('nothing scrolls sideways, however narrow', async () => {
  const body = { name: '宽'.repeat(64), transport: 'stdio', command: `/${'long'.repeat(200)}`, args: ['مرحبا <b>'] }
  await app.call(createMcp, { body })
  const { page } = await open()
  await page.getByText('宽宽').waitFor()
  for (const width of [1440, 1024, 390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
  }
})

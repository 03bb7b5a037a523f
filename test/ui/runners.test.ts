import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest'
import { listPairings } from '#contract/runners/pairings'
import { listRunners, type Runner } from '#contract/runners/runners'
import { getRun, launchRun } from '#contract/runs/runs'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { join } from '../kit/people.ts'
import { connectRunner, report } from '../kit/runner-client.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let windows: Window[] = []
let own: Runner
const allowed = temporaryFolder()

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true, allowedDirs: [allowed] })
  const knows = ({ runtimes }: Runner) => runtimes.every(one => one.state !== 'looking')
  own = await vi.waitFor(async () => {
    const found = (await app.call(listRunners)).data.find(knows)
    if (!found) throw new Error('the runner does not know yet what it has')
    return found
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
  await signIn(app, window, '/runners', token)
  await window.page.getByRole('heading', { level: 1, name: 'Runners' }).waitFor()
  return window
}

test('one alone stands open with its state, version, slots, folders and runtimes, and looks again when asked', async () => {
  const { page } = await open()
  const row = page.getByRole('list', { name: 'Runners' })
  await row.getByText('Online', { exact: true }).waitFor()
  await row.getByText(`This computer, ${own.version}`).waitFor()
  await row.getByText(`0 of ${own.capacity} slots in use`).waitFor()
  await row.getByText(allowed).waitFor()
  const runtimes = row.getByRole('list', { name: `Runtimes of ${own.name}` }).getByRole('listitem')
  expect(await runtimes.count()).toBe(own.runtimes.length)
  const asked = page.waitForRequest(request => request.url().endsWith('/runtimes/refresh'))
  await row.getByRole('button', { name: /^Look again/ }).click()
  await asked
})

test('what a runner would refuse is said as the folder is typed', async () => {
  const { page } = await open()
  const field = page.getByRole('textbox', { name: 'Would it work there?' })
  await field.fill('code')
  await page.getByText('Name the whole path, from the root.').waitFor()
  await field.fill(`${allowed}/../elsewhere`)
  await page.getByText('Refused: it lies in none of the allowed folders.').waitFor()
  await field.fill(`${allowed}/app`)
  await page.getByText('Allowed', { exact: true }).waitFor()
  await field.fill(`${app.dataDir}/logs`)
  await page.getByText('Refused: it lies in the data folder of Flotilla.').waitFor()
})

test('one that comes stands in the open page; gone, it says so, and what waits for it before it is removed', async () => {
  const { page } = await open()
  await page.getByText('1 of 1 runner online').waitFor()
  const remote = await connectRunner(app, { name: 'studio-mini', allowedDirs: ['/a/infra', '/a/web', '/a/shop'] })
  await page.getByText('2 of 2 runners online').waitFor()
  await page.getByText('infra, web, and 1 more').waitFor()
  const run = await app.call(launchRun, {
    body: { prompt: 'Wait for the tide', runtime: 'claude-code', runnerId: remote.runnerId }
  })
  await remote.leave()
  await page.getByText('1 of 2 runners online').waitFor()
  const details = page.getByRole('button', { name: /^Details of .*studio-mini/ })
  await details.focus()
  await page.keyboard.press('Enter')
  await page.getByText(/Start its program again on its own computer/).waitFor()
  expect(page.url()).toMatch(new RegExp(`/runners/${remote.runnerId}$`))
  await page.getByRole('button', { name: /^Remove .*studio-mini/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(`#${run.number} Wait for the tide`).waitFor()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('The runner of this address is not there any more.').waitFor()
  await page.getByText('1 of 1 runner online').waitFor()
  expect((await app.call(getRun, { params: { id: run.id } })).error?.code).toBe('RUNNER_FORGOTTEN')
})

test('a runtime that is missing is installed from here by who may; who may not is told', async () => {
  const runtimes = [report('claude-code', { title: 'Claude Code', state: 'missing', version: null, path: null })]
  const remote = await connectRunner(app, { name: 'bare', runtimes })
  const { page } = await open()
  await page.getByRole('button', { name: /^Details of .*bare/ }).click()
  await page.getByRole('button', { name: 'Install Claude Code' }).click()
  await expect.poll(async () => (await remote.commands()).map(command => command.type)).toContain('install')
  const viewer = await open({}, (await join(app, 'viewer')).token)
  await viewer.page
    .getByText(/You can look; to connect or remove a runner, or install a runtime, takes the role/)
    .waitFor()
  await viewer.page.getByRole('button', { name: /^Details of .*bare/ }).click()
  await viewer.page.getByText('not installed').waitFor()
  expect(await viewer.page.getByRole('button', { name: /^Install |^Remove|^Look again/ }).count()).toBe(0)
  expect(await viewer.page.getByRole('link', { name: 'Connect a runner' }).count()).toBe(0)
  await remote.leave()
})

test('another runner connects by what is pasted on its machine, and stands there as soon as it has', async () => {
  const { page } = await open()
  await page.keyboard.press('Shift+N')
  await page.getByRole('heading', { level: 1, name: 'Connect a runner' }).waitFor()
  await page.getByRole('textbox', { name: 'Name' }).fill("ada's studio")
  const folders = page.getByRole('textbox', { name: 'Folders where agents may work' })
  await folders.fill('code')
  await page.getByText(/Name whole paths, from the root/).waitFor()
  await folders.fill(allowed)
  await page.getByRole('button', { name: 'Make its command' }).click()
  const command = (await page.getByRole('tabpanel', { name: 'macOS, Linux' }).locator('pre').textContent()) ?? ''
  await page.getByText('Waiting for it to call').waitFor()
  const file = page.getByRole('link', { name: 'download the runner file' })
  expect(await file.getAttribute('href')).toBe('/agentfleet-runner.mjs')
  const home = temporaryFolder()
  const env = { PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: home, SHELL: '/bin/sh' }
  const machine = spawn('sh', ['-c', command.replace(/\n {2}node /, '\n  exec node ')], {
    cwd: home,
    env,
    stdio: 'ignore'
  })
  await page.getByText('Connected', { exact: true }).waitFor()
  await page.getByText(/^Its pairing code was used by/).waitFor()
  const known = (await app.call(listRunners)).data.find(({ name }) => name === "ada's studio")
  expect(known).toMatchObject({ kind: 'remote', status: 'online', allowedDirs: [allowed] })
  await page.getByRole('link', { name: 'Show it among the runners' }).click()
  await page.getByRole('region', { name: "Details of ada's studio" }).waitFor()
  expect(await page.locator('body').textContent()).not.toContain('flp_')
  const gone = once(machine, 'exit')
  machine.kill('SIGTERM')
  await gone
  await page.getByText(/Start its program again on its own computer/).waitFor()
})

test('whoever starts over, or wants a new code, voids the one before', async () => {
  const { page } = await open()
  await page.goto(`${app.url}/runners/connect`)
  await page.getByRole('textbox', { name: 'Name' }).fill('second thoughts')
  await page.keyboard.press('Enter')
  await page.getByText('Waiting for it to call').waitFor()
  const named = async () => (await app.call(listPairings)).data.filter(({ name }) => name === 'second thoughts')
  const [first] = await named()
  expect(first).toMatchObject({ address: app.url, usedAt: null })
  await page.getByText(/^Its pairing code works once, until/).waitFor()
  await page.getByRole('button', { name: 'New code' }).click()
  await expect.poll(async () => (await named()).map(({ id }) => id === first?.id)).toEqual([false])
  await page.getByRole('button', { name: 'Start over' }).click()
  await expect.poll(named).toEqual([])
  expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('second thoughts')
})

test('a list that cannot be read says so, and is read again', async () => {
  const { page } = await open()
  await page.route('**/api/v1/runners', route => route.fulfill({ status: 500, json: {} }))
  await page.reload()
  await page.getByRole('heading', { name: 'The runners could not be listed' }).waitFor()
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText(`This computer, ${own.version}`).waitFor()
})

describe.each(lookedThemes)('in the %s theme', colorScheme => {
  test.each([1440, 390].filter(width => isLooked(colorScheme, width)))('axe finds nothing at %i px', async width => {
    const window = await open({ colorScheme, viewport: { width, height: 800 } })
    await window.page
      .getByRole('button', { name: /^Details of/ })
      .first()
      .click()
    await window.page.getByRole('textbox', { name: 'Would it work there?' }).fill('/elsewhere')
    expect(await violationsOf(window)).toEqual([])
    await window.page.goto(`${app.url}/runners/connect`)
    await window.page.getByRole('textbox', { name: 'Name' }).fill(`looked at ${colorScheme} ${width}`)
    await window.page.keyboard.press('Enter')
    await window.page.getByText('Waiting for it to call').waitFor()
    expect(await violationsOf(window)).toEqual([])
    await window.page.getByRole('button', { name: 'Start over' }).click()
    await window.page.getByRole('button', { name: 'Make its command' }).waitFor()
  })
})

test('nothing scrolls sideways, however narrow', async () => {
  const name = `<b>مرحبا</b>${'宽'.repeat(60)}`
  const hostile = await connectRunner(app, { name, allowedDirs: [`/${'long'.repeat(80)}`] })
  const { page } = await open()
  await page.goto(`${app.url}/runners/${hostile.runnerId}`)
  await page.getByRole('textbox', { name: 'Would it work there?' }).waitFor()
  for (const width of [1440, 1024, 390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
  }
  await page.goto(`${app.url}/runners/connect`)
  await page.getByRole('textbox', { name: 'Name' }).fill('宽'.repeat(64))
  await page.keyboard.press('Enter')
  await page.getByText('Waiting for it to call').waitFor()
  for (const width of [1440, 1024, 390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
  }
})

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest'
import { type Agent, createAgent } from '#contract/fleet/agents'
import { listRunners } from '#contract/runners/runners'
import { launchRun, listRuns, type Run } from '#contract/runs/runs'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { needs } from '../kit/needs.ts'
import { connectRunner, type RunnerClient, report } from '../kit/runner-client.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let folder: string
let far: RunnerClient
let agent: Agent
/** Of the practice agent, in a folder with files. */
let local: Run
/** Of a runtime that told its commands and offers models, on a runner of which the test decides what it answers. */
let remote: Run
let window: Window | undefined

async function ran(prompt: string): Promise<Run> {
  const { runnerId } = far
  const run = await app.call(launchRun, { body: { prompt, runtime: 'claude-code', cwd: '/far/api', runnerId } })
  const assignment = await far.take(run.id)
  const told = { subtype: 'init', commands: ['compact', 'review', 'security-review'] }
  await far.send(
    assignment,
    { type: 'started' },
    { type: 'facts', facts: { sessionId: `session-${run.number}` } },
    { type: 'event', kind: 'system', message: 'Claude Code', data: told }
  )
  await far.finish(assignment, 'SUCCEEDED', { result: 'done' })
  return run
}

beforeAll(async () => {
  browser = await launchBrowser()
  folder = temporaryFolder()
  mkdirSync(join(folder, 'src/deep'), { recursive: true })
  for (const file of ['README.md', 'my notes.md', 'src/main.ts', 'src/deep/mail.ts'])
    writeFileSync(join(folder, file), '')
  app = await startApp({ runner: true, allowedDirs: [folder] })
  await vi.waitUntil(async () => (await app.call(listRunners)).data.some(one => one.status === 'online'), {
    timeout: 20_000
  })
  const { capabilities } = report('claude-code')
  const models = [
    { id: 'opus', title: 'Opus' },
    { id: 'haiku', title: 'Haiku' }
  ]
  far = await connectRunner(app, {
    name: 'far',
    allowedDirs: ['/far'],
    runtimes: [report('claude-code', { capabilities: { ...capabilities, models } })]
  })
  agent = await app.call(createAgent, { body: { name: 'Mail Reader', cwd: folder, runtime: 'practice' } })
  local = await app.call(launchRun, { body: { prompt: 'list', runtime: 'practice', cwd: folder } })
  await untilStatus(app, local.id, 'SUCCEEDED')
  remote = await ran('from afar')
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  expect(window?.faults ?? []).toEqual([])
  await window?.close()
  window = undefined
})

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  window = await openWindow(browser, options)
  await signIn(app, window, path)
  return window.page
}

const options = (page: Page) => page.getByRole('option')
const namesOf = (page: Page) => options(page).locator('bdi').allTextContents()
const followUp = (page: Page) => page.getByRole('textbox', { name: 'Follow-up' })
const activeOf = (page: Page) => page.locator('[role=option][aria-selected=true] bdi').textContent()

describe('files and agents by @', () => {
  test('by keys alone: found while one types, taken by Tab and Enter, closed by Escape, undone like typing', async () => {
    const page = await open(`/runs/${local.id}`)
    const field = followUp(page)
    await field.waitFor()
    await page.keyboard.press('f')
    await page.keyboard.type('Look at @mai')
    await expect.poll(() => namesOf(page)).toEqual(['src/main.ts', 'src/deep/mail.ts', 'mail-reader'])
    expect(await field.getAttribute('aria-activedescendant')).toBe(await options(page).first().getAttribute('id'))
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => activeOf(page)).toBe('src/deep/mail.ts')
    await page.keyboard.press('Tab')
    await expect.poll(() => field.inputValue()).toBe('Look at @src/deep/mail.ts ')
    await options(page).first().waitFor({ state: 'detached' })
    await page.keyboard.type('and @')
    await expect.poll(() => namesOf(page)).toEqual(['src/', 'README.md', 'my notes.md', 'mail-reader'])
    await page.keyboard.press('Enter')
    // A folder is left open for what lies in it.
    await expect.poll(() => namesOf(page)).toEqual(['src/deep/', 'src/main.ts', 'src/deep/mail.ts'])
    await page.keyboard.press('Escape')
    await options(page).first().waitFor({ state: 'detached' })
    expect(await field.inputValue()).toBe('Look at @src/deep/mail.ts and @src/')
    await page.keyboard.press('Control+z')
    await expect.poll(() => field.inputValue()).not.toContain('@src/deep/mail.ts and @src/')
    await page.keyboard.press('Control+Shift+z')
    await page.reload()
    await expect.poll(() => followUp(page).inputValue()).toBe('Look at @src/deep/mail.ts and @src/')
  })

  test('by mouse, also a name with a space and an agent; the words around stay', async () => {
    const page = await open(`/runs/${local.id}`)
    const field = followUp(page)
    await field.fill('Compare @not with the rest')
    await field.press('Home')
    for (let i = 0; i < 'Compare @not'.length; i++) await field.press('ArrowRight')
    await page.getByRole('option', { name: 'my notes.md' }).click()
    await expect.poll(() => field.inputValue()).toBe('Compare @"my notes.md" with the rest')
    await field.fill('Ask @mail-r')
    await page.getByRole('option', { name: /mail-reader/ }).click()
    await expect.poll(() => field.inputValue()).toBe('Ask @mail-reader ')
    await field.fill('')
  })

  test('what is not there is said, and keys go to the text', async () => {
    const page = await open(`/runs/${local.id}`)
    const field = followUp(page)
    await field.fill('@nothing-like-it')
    await page.getByText('No file or agent fits.').first().waitFor()
    await field.press('Enter')
    expect(await field.inputValue()).toBe('@nothing-like-it\n')
    await field.fill('write to a@b.de')
    await expect.poll(() => options(page).count()).toBe(0)
    await field.fill('')
  })

  test('of an agent, and of a run that is not started yet', async () => {
    const page = await open(`/fleet/${agent.id}`)
    const prompt = page.getByRole('textbox', { name: /Prompt for/ })
    await prompt.fill('@READ')
    await page.getByRole('option', { name: 'README.md' }).click()
    await expect.poll(() => prompt.inputValue()).toBe('@README.md ')
    await page.goto(`${app.url}/runs/new`)
    const first = page.getByRole('textbox', { name: 'Prompt' })
    await first.fill('@x')
    await page.getByText('The folder is made when the run starts').first().waitFor()
    await page.reload()
    await expect.poll(() => first.inputValue()).toBe('@x')
  })
})

describe('commands by /', () => {
  test('are those that the runtime told, where a prompt begins and nowhere else', async () => {
    const page = await open(`/runs/${remote.id}`)
    const field = followUp(page)
    await field.fill('/re')
    await expect.poll(() => namesOf(page)).toEqual(['/review', '/security-review'])
    await field.press('Enter')
    await expect.poll(() => field.inputValue()).toBe('/review ')
    await field.fill('please /re')
    await expect.poll(() => options(page).count()).toBe(0)
    await page.goto(`${app.url}/runs/${local.id}`)
    await followUp(page).fill('/')
    await page.waitForLoadState('networkidle')
    expect(await options(page).count()).toBe(0)
    await followUp(page).fill('')
  })
})

test('a follow-up has the permission mode and the model that were chosen for it', async () => {
  const page = await open(`/runs/${remote.id}`)
  await page.getByRole('button', { name: /Permissions of the next run/ }).click()
  await page.getByRole('menuitem', { name: /Plan/ }).click()
  await page.getByRole('button', { name: /Model of the next run/ }).click()
  await page.getByRole('menuitem', { name: 'Haiku' }).click()
  await followUp(page).fill('a plan first')
  await followUp(page).press('Control+Enter')
  await page.waitForURL(url => !url.pathname.endsWith(remote.id))
  const { data } = await app.call(listRuns, { query: { rootRunId: remote.id } })
  expect(data[0]).toMatchObject({
    input: 'a plan first',
    permissionMode: 'plan',
    model: 'haiku',
    parentRunId: remote.id
  })
})

test('a runner that is away is said, and nothing typed is lost', async () => {
  const gone = await connectRunner(app, { name: 'gone', allowedDirs: ['/gone'] })
  const body = { prompt: 'x', runtime: 'claude-code', cwd: '/gone/api', runnerId: gone.runnerId }
  const run = await app.call(launchRun, { body })
  const assignment = await gone.take(run.id)
  await gone.send(assignment, { type: 'facts', facts: { sessionId: 'gone' } })
  await gone.finish(assignment, 'SUCCEEDED')
  await gone.leave()
  await expect
    .poll(async () => (await app.call(listRunners)).data.find(one => one.id === gone.runnerId)?.status)
    .toBe('offline')
  const page = await open(`/runs/${run.id}`)
  await followUp(page).fill('see @ma')
  await page
    .getByText(/No files: .*not connected/)
    .first()
    .waitFor()
  await page.getByRole('option', { name: /mail-reader/ }).waitFor()
  expect(await followUp(page).inputValue()).toBe('see @ma')
})

test.each([
  ['light', 1440],
  ['dark', 390]
] as const)('%s at %d px: the list lies in the window and axe finds nothing', async (colorScheme, width) => {
  const page = await open(`/runs/${local.id}`, { colorScheme, viewport: { width, height: 844 } })
  await followUp(page).fill('@m')
  await options(page).first().waitFor()
  const box = await page.getByRole('listbox', { name: 'Files and agents' }).boundingBox()
  expect(box?.x).toBeGreaterThanOrEqual(0)
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width)
  expect(box?.y).toBeGreaterThanOrEqual(0)
  expect(await violationsOf(window as Window)).toEqual([])
  await followUp(page).fill('')
})

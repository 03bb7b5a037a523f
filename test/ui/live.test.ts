import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { getApproval, listApprovals } from '#contract/runs/approvals'
import { changeRun, getRun } from '#contract/runs/runs'
import { getSystem } from '#contract/system'
import { launchBrowser, openWindow, signIn, type Window } from '../kit/browser.ts'
import { eventsOf, untilStatus } from '../kit/events.ts'
import { needs } from '../kit/needs.ts'
import { askToRun, play, toolCall } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let windows: Window[] = []

async function open(path: string): Promise<Window> {
  const window = await openWindow(browser)
  windows.push(window)
  await signIn(app, window, path)
  return window
}

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  // A fixed port: the window must find the control plane again where it was.
  app = await startApp({ runner: true })
})
afterEach(async () => {
  for (const window of windows) {
    expect(window.faults).toEqual([])
    await window.close()
  }
  windows = []
  await app.close()
})

test('a new run appears in the list and moves through its states without a reload', async () => {
  const { page } = await open('/runs/new')
  await page.getByRole('link', { name: 'Cancel' }).click()
  await page.getByRole('heading', { name: 'Start your first run' }).waitFor()
  const run = await play(app, 'Ask me', askToRun('k', 'date'))
  const row = page.getByRole('row', { name: /Ask me/ })
  await row.getByText('Waiting').waitFor()
  await page.getByRole('link', { name: 'Approvals, 1 waiting' }).waitFor()
  await app.request('POST', `/api/v1/runs/${run.id}/cancel`, { body: { now: true } })
  await row.getByText('Cancelled').waitFor()
  await page.getByRole('link', { name: 'Approvals', exact: true }).waitFor()
})

test('what changes while the live connection comes up late, or comes back, is not missed', async () => {
  const window = await openWindow(browser)
  windows.push(window)
  const { page } = window
  const late = Promise.withResolvers<void>()
  const coming = Promise.withResolvers<void>()
  await page.routeWebSocket(/\/api\/v1\/ws/, async socket => {
    coming.resolve()
    await late.promise
    socket.connectToServer()
  })
  await signIn(app, window, '/runs')
  await page.getByRole('heading', { name: 'Start your first run' }).waitFor()
  await coming.promise
  const run = await play(app, 'Made too early', [{ type: 'result', text: 'ok' }])
  await untilStatus(app, run.id, 'SUCCEEDED')
  expect(await page.getByText('Made too early').count()).toBe(0)
  late.resolve()
  await page
    .getByRole('row', { name: /Made too early/ })
    .getByText('Done')
    .waitFor()
})

test('rows do not move under the pointer: new runs wait in a pill until they are wanted', async () => {
  for (const prompt of ['First', 'Second']) {
    const run = await play(app, prompt, [{ type: 'result', text: 'ok' }])
    await untilStatus(app, run.id, 'SUCCEEDED')
  }
  const { page } = await open('/runs')
  const prompts = () => page.getByRole('grid').getByRole('link').allInnerTexts()
  await page.getByRole('row', { name: /First/ }).hover()
  await play(app, 'Third', [{ type: 'result', text: 'ok' }])
  const pill = page.getByRole('button', { name: '1 new run' })
  await pill.waitFor()
  expect(await prompts()).toEqual(['Second', 'First'])
  await pill.click()
  await expect.poll(prompts).toEqual(['Third', 'Second', 'First'])
  await page.getByRole('row', { name: /First/ }).hover()
  const fourth = await play(app, 'Fourth', [{ type: 'result', text: 'ok' }])
  await pill.waitFor()
  // Nothing more happens to it: the rows move because the pointer leaves.
  await untilStatus(app, fourth.id, 'SUCCEEDED')
  const done = (await app.call(getSystem)).runs.SUCCEEDED
  await expect.poll(() => page.getByRole('link', { name: /^Done/ }).innerText()).toContain(String(done))
  await page.getByRole('heading', { name: 'Runs' }).hover()
  await expect.poll(prompts).toEqual(['Fourth', 'Third', 'Second', 'First'])
})

test('two windows on one request: the first answer counts, the other folds and says who', async () => {
  const run = await play(app, 'Ask me', [...askToRun('k', 'date'), { type: 'result', text: 'ok' }])
  await untilStatus(app, run.id, 'WAITING')
  const [one, other] = [await open(`/runs/${run.id}`), await open('/approvals')]
  await other.page.getByRole('button', { name: 'Allow once' }).waitFor()
  await one.page.getByRole('button', { name: 'Allow once' }).click()
  await one.page.getByRole('article', { name: /^Allowed once: date/ }).waitFor()
  await other.page.getByRole('heading', { name: 'Decided' }).waitFor()
  await expect.poll(() => other.page.getByRole('button', { name: 'Allow once' }).count()).toBe(0)
})

test('always allowing a kind of command answers the next one by itself', async () => {
  const run = await play(app, 'Ask twice', [
    ...askToRun('k1', 'npm publish --dry-run'),
    ...askToRun('k2', 'npm publish --tag next'),
    { type: 'result', text: 'ok' }
  ])
  const { page } = await open(`/runs/${run.id}`)
  await page.getByRole('button', { name: 'Always allow' }).click()
  await page.getByRole('menuitem', { name: /start with “npm publish”/ }).click()
  await page.getByRole('article', { name: /^Done/ }).waitFor()
  expect(await page.getByRole('article', { name: /^Allowed in this run/ }).count()).toBe(2)
})

test('a command is edited before it is allowed, by keys alone', async () => {
  const run = await play(app, 'Ask', [...askToRun('k', 'npm publish'), { told: 'k' }, { type: 'result', text: 'ok' }])
  const { page } = await open('/approvals')
  await page.getByText('What the command decides').first().waitFor()
  // The first press points at the request, for the focus is not there yet.
  await page.keyboard.press('e')
  await page.keyboard.press('e')
  const command = page.getByRole('textbox', { name: 'Command that is allowed instead' })
  await command.press('End')
  await page.keyboard.type(' --dry-run')
  await page.locator('[data-settled]').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText('Allowed once').first().waitFor()
  await untilStatus(app, run.id, 'SUCCEEDED')
  const [approval] = (await app.call(listApprovals)).data
  expect(approval).toMatchObject({ status: 'approved', runId: run.id })
  const said = (await eventsOf(app, run.id)).find(event => event.kind === 'assistant')
  expect(JSON.parse(said?.message ?? '')).toEqual({ command: 'npm publish --dry-run' })
})

test('a pattern of one’s own shows what it would have allowed, and must cover the request', async () => {
  const run = await play(app, 'Ask', [
    ...toolCall('1', { tool: 'Bash', kind: 'command', argument: 'git status', input: { command: 'git status' } }, {}),
    ...toolCall('2', { tool: 'Bash', kind: 'command', argument: 'ls', input: { command: 'ls' } }, {}),
    ...askToRun('k1', 'git push'),
    ...askToRun('k2', 'git fetch'),
    { type: 'result', text: 'ok' }
  ])
  const { page } = await open(`/runs/${run.id}`)
  await page.getByRole('button', { name: 'Always allow' }).click()
  await page
    .getByRole('menuitem', { name: /^Any use of Bash/ })
    .getByText('Covers all 3 calls')
    .waitFor()
  await page.getByRole('menuitem', { name: /^A pattern of your own/ }).click()
  const pattern = page.getByRole('textbox', { name: /^Allow every Bash/ })
  await pattern.fill('npm *')
  await page.getByText('It does not match this request.').waitFor()
  expect(await page.getByRole('button', { name: 'Allow in this run' }).isDisabled()).toBe(true)
  await pattern.fill('git *')
  const preview = page.getByRole('region', { name: 'What it would have allowed' })
  await preview.getByText('Covers 2 of 3 calls of this run so far').waitFor()
  await preview.getByText('git status').waitFor()
  await pattern.press('Enter')
  await page.getByRole('article', { name: /^Done/ }).waitFor()
  expect(await page.getByRole('article', { name: /^Allowed in this run/ }).count()).toBe(2)
})

test('several requests are selected by keys and allowed with one answer', async () => {
  const runs = await Promise.all(
    ['date', 'uptime', 'whoami'].map(command =>
      play(app, command, [...askToRun('k', command), { type: 'result', text: 'ok' }])
    )
  )
  for (const run of runs) await untilStatus(app, run.id, 'WAITING')
  const { page } = await open('/approvals')
  await page.getByRole('button', { name: 'Allow once' }).waitFor()
  await page.keyboard.press('x')
  await page.getByRole('heading', { name: '1 request selected' }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByRole('heading', { name: '2 requests selected' }).waitFor()
  await page.locator('[data-settled]').waitFor()
  await page.keyboard.press('a')
  await page.getByText('1 waiting').first().waitFor()
  const { data } = await app.call(listApprovals)
  expect(data.map(one => one.status).sort()).toEqual(['approved', 'approved', 'pending'])
})

test('two windows answer one request at the same time: one counts, and both show it', async () => {
  const run = await play(app, 'Ask me', [...askToRun('k', 'date'), { type: 'result', text: 'ok' }])
  await untilStatus(app, run.id, 'WAITING')
  const both = [await open(`/runs/${run.id}`), await open(`/runs/${run.id}`)]
  for (const { page } of both) await page.getByRole('button', { name: 'Allow once' }).waitFor()
  // Held back, so that the second answer leaves before its window hears of the first.
  const held = both[1]?.page
  await held?.route('**/approve', async route => {
    await untilStatus(app, run.id, 'SUCCEEDED')
    await route.continue()
  })
  const late = held?.waitForResponse('**/approve')
  await held?.getByRole('button', { name: 'Allow once' }).click()
  await both[0]?.page.getByRole('button', { name: 'Allow once' }).click()
  for (const { page } of both) {
    await page.getByRole('article', { name: /^Allowed once: date/ }).waitFor()
  }
  await late
  for (const { page } of both) expect(await page.getByRole('alert').count()).toBe(0)
})

test('a question is answered by choice and in own words', async () => {
  const questions = [
    { question: 'Which key?', options: [{ label: 'Old' }, { label: 'New' }] },
    { question: 'Whom to tell?', multiSelect: true, options: [{ label: 'Support' }, { label: 'Partners' }] }
  ]
  const run = await play(app, 'Ask', [
    { type: 'approval', key: 'q', kind: 'question', tool: 'Ask', title: 'has two questions', input: { questions } },
    { answer: 'q' },
    { type: 'result', text: 'ok' }
  ])
  const { page } = await open(`/runs/${run.id}`)
  const send = page.getByRole('button', { name: 'Send answer' })
  await page.getByRole('radio', { name: 'New' }).check()
  expect(await send.isDisabled()).toBe(true)
  await page.getByRole('checkbox', { name: 'Partners' }).check()
  await page.getByRole('textbox', { name: 'Own answer' }).nth(1).fill('and Ada')
  await send.click()
  await page.getByRole('article', { name: /^Answered: Which key/ }).waitFor()
  const [approval] = (await app.call(listApprovals)).data
  expect(await app.call(getApproval, { params: { id: approval?.id ?? '' } })).toMatchObject({ status: 'approved' })
})

test('what was queued for a working agent can be read, edited and taken back', async () => {
  const run = await play(app, 'Work', [{ type: 'text', text: 'At it.' }, ...askToRun('k', 'date')])
  await untilStatus(app, run.id, 'WAITING')
  const { page } = await open(`/runs/${run.id}`)
  const message = page.getByRole('textbox', { name: 'Message to the agent' })
  const queue = page.getByRole('list', { name: 'Queued messages' })
  for (const text of ['first', 'second']) {
    await message.fill(text)
    await page.keyboard.press('Control+Enter')
    await queue.getByText(text).waitFor()
  }
  await queue.getByRole('button', { name: 'Read it sooner' }).click()
  await expect
    .poll(async () => (await queue.getByRole('listitem').allInnerTexts()).map(t => t.trim().replace(/\s+/g, ' ')))
    .toEqual(['1 second', '2 first'])
  await queue.getByRole('button', { name: 'Edit queued message' }).first().click()
  await queue.getByRole('textbox', { name: 'Queued message' }).fill('second, but better')
  await queue.getByRole('button', { name: 'Save' }).click()
  await queue.getByText('second, but better').waitFor()
  await queue.getByRole('button', { name: 'Take it back' }).first().click()
  await expect.poll(() => queue.getByRole('listitem').count()).toBe(1)
})

test('a draft survives leaving the page', async () => {
  const run = await play(app, 'Work', askToRun('k', 'date'))
  const { page } = await open(`/runs/${run.id}`)
  await page.getByRole('textbox', { name: 'Message to the agent' }).fill('half a thought')
  await page.goto(`${app.url}/runs`)
  await page.goto(`${app.url}/runs/${run.id}`)
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Message to the agent' }).inputValue())
    .toBe('half a thought')
})

test('a session that ended leads to the sign-in page, and back after a new link', async () => {
  const window = await open('/approvals')
  await window.page.getByText('Nothing waits for you').waitFor()
  // A request of the page itself would lead there before the link is followed.
  await window.page.waitForLoadState('networkidle')
  await window.page.context().clearCookies()
  await window.page.getByRole('link', { name: 'Runs', exact: true }).click()
  await window.page.getByRole('heading', { name: 'Open your sign-in link' }).waitFor()
  await signIn(app, window)
  await window.page.getByRole('heading', { name: 'Start your first agent' }).waitFor()
})

test('a run is renamed on its page and by the API, and is called so wherever it stands', async () => {
  const run = await play(app, 'Look into it', askToRun('k', 'date'))
  const { page } = await open(`/runs/${run.id}`)
  await page.getByRole('button', { name: 'Rename the run' }).click()
  const field = page.getByRole('textbox', { name: 'Title' })
  expect(await field.inputValue()).toBe('Look into it')
  await field.fill('Refunds, second try')
  // It ends meanwhile: what is typed stays.
  await app.request('POST', `/api/v1/runs/${run.id}/cancel`, { body: { now: true } })
  await page.locator('button', { hasText: 'Run again' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: /Refunds, second try/ }).waitFor()
  expect((await app.call(getRun, { params: { id: run.id } })).title).toBe('Refunds, second try')
  await page.goto(`${app.url}/runs`)
  await page.getByRole('row', { name: /Refunds, second try/ }).waitFor()
  await app.call(changeRun, { params: { id: run.id }, body: { title: null } })
  await page.getByRole('row', { name: /Look into it/ }).waitFor()
})

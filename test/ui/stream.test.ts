import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { approve, listApprovals } from '#contract/runs/approvals'
import { followUpRun, launchRun, type Run } from '#contract/runs/runs'
import { launchBrowser, openWindow, signIn, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { needs } from '../kit/needs.ts'
import { askToRun, play, type Step, toolCall } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let window: Window | undefined

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true })
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})
afterEach(async () => {
  expect(window?.faults).toEqual([])
  await window?.close()
  window = undefined
})

async function show(run: Run): Promise<Page> {
  window = await openWindow(browser)
  await signIn(app, window, `/runs/${run.id}`)
  await window.page.getByRole('log').waitFor()
  return window.page
}

const commands = (n: number): Step => ({
  repeat: n,
  lines: toolCall(
    'c%n',
    { tool: 'Bash', kind: 'command', argument: 'echo %n', input: { command: 'echo %n' } },
    {
      text: '%n',
      exitCode: 0
    }
  )
})
const log = (page: Page) => page.getByRole('log')
const distanceFromEnd = (page: Page) =>
  log(page).evaluate(element => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight))
const firstShown = (page: Page) =>
  log(page).evaluate(element => {
    const top = element.getBoundingClientRect().top
    const shown = [...element.querySelectorAll('article')].find(row => row.getBoundingClientRect().bottom > top)
    return `${shown?.getAttribute('aria-label')} ${Math.round((shown?.getBoundingClientRect().top ?? 0) - top)}`
  })

test('a long run opens at its end, draws only what is near, and loads the rest upwards', async () => {
  const run = await play(app, 'Many', [commands(1500), { type: 'result', text: 'ok' }])
  await untilStatus(app, run.id, 'SUCCEEDED')
  const page = await show(run)
  await page.getByRole('article', { name: /^Done/ }).waitFor()
  await expect.poll(() => distanceFromEnd(page)).toBeLessThan(5)
  expect(await log(page).locator('*').count()).toBeLessThan(1200)
  expect(await page.getByRole('article', { name: /^You: Many/ }).count()).toBe(0)
  for (let i = 0; i < 40 && (await page.getByRole('article', { name: /^You: Many/ }).count()) === 0; i++) {
    await log(page).evaluate(element => element.scrollTo(0, 0))
    await page.waitForTimeout(100)
  }
  await page.getByRole('article', { name: /^You: Many/ }).waitFor()
})

test('a reader is never moved: new events wait under a pill, and End returns to them', async () => {
  const run = await play(app, 'Go on', [
    commands(60),
    ...askToRun('first', 'date'),
    commands(40),
    ...askToRun('second', 'date')
  ])
  await untilStatus(app, run.id, 'WAITING')
  const page = await show(run)
  await page.getByRole('button', { name: 'Allow once' }).waitFor()
  await log(page).hover()
  await page.mouse.wheel(0, -700)
  await page.getByRole('button', { name: /Waiting for you, jump to latest/ }).waitFor()
  const before = await firstShown(page)
  await app.call(approve, {
    params: { id: await pendingApproval() },
    body: {}
  })
  await expect.poll(async () => (await pendingApproval()) !== '', { timeout: 10_000 }).toBe(true)
  await page.getByRole('button', { name: /Waiting for you, jump to latest/ }).waitFor()
  expect(await firstShown(page)).toBe(before)
  await page.keyboard.press('End')
  await expect.poll(() => distanceFromEnd(page)).toBeLessThan(5)
  // The pill may still have spoken of the first request: the key leads to the one that waits when it is pressed.
  await page.getByRole('button', { name: 'Allow once' }).waitFor()
  const focused = page.locator('article:focus[aria-label^="Waiting for you"]')
  await expect.poll(() => page.keyboard.press('End').then(() => focused.count())).toBe(1)

  async function pendingApproval(): Promise<string> {
    return (await app.call(listApprovals, { query: { status: 'pending', runId: run.id } })).data[0]?.id ?? ''
  }
})

test('text that is being written shows before it is finished, and the end stays in view while it grows', async () => {
  const words = Array.from(
    { length: 30 },
    (_, i): Step => ({ type: 'delta', block: 'b', text: `word${i} and more of it\n\n` })
  )
  const run = await play(app, 'Write', [
    ...words,
    ...askToRun('hold', 'date'),
    { type: 'text', block: 'b', text: 'Finished.' }
  ])
  const page = await show(run)
  await untilStatus(app, run.id, 'WAITING')
  await page.getByRole('button', { name: 'Allow once' }).waitFor()
  await expect.poll(() => distanceFromEnd(page)).toBeLessThan(5)
  await page.getByRole('button', { name: 'Allow once' }).click()
  await page.getByText('Finished.').waitFor()
  expect(await page.getByText('word29').count()).toBe(0)
})

test('what an agent prints stays text: no markup, no script, no picture, no turned-around command', async () => {
  const run = await play(app, '<img src=x onerror=alert(1)>', [
    {
      type: 'text',
      text: '<script>document.title="owned"</script> <img src="https://example.com/x.png"> ![p](https://example.com/p.png) [go](javascript:alert(1))'
    },
    ...toolCall(
      '1',
      { tool: '<b>T</b>', kind: 'command', argument: 'a\u202eb', input: {} },
      { text: '%megabyte', exitCode: 1, isError: true }
    ),
    ...askToRun('k', 'rm \u202egnp.exe')
  ])
  await untilStatus(app, run.id, 'WAITING')
  const page = await show(run)
  const requests: string[] = []
  page.on('request', request => requests.push(request.url()))
  await page.getByText('rm ⟨U+202E⟩gnp.exe').waitFor()
  await page.getByText('… line cut').waitFor()
  expect(await page.locator('img').count()).toBe(0)
  expect(await page.locator('a[href^="javascript"]').count()).toBe(0)
  expect(await page.title()).toContain('<img src=x onerror=alert(1)>')
  expect(requests.filter(url => !url.startsWith(app.url))).toEqual([])
})

test('Home of a chain leads to its short beginning, and what goes on below it is there without scrolling', async () => {
  const launched = await app.call(launchRun, { body: { prompt: 'help', runtime: 'practice' } })
  const first = await untilStatus(app, launched.id, 'SUCCEEDED')
  const followed = await app.call(followUpRun, { params: { id: first.id }, body: { prompt: 'list' } })
  const second = await untilStatus(app, followed.id, 'SUCCEEDED')
  const prompt = Array(60).fill('list').join(' then ')
  const third = await app.call(followUpRun, { params: { id: second.id }, body: { prompt } })
  await untilStatus(app, third.id, 'SUCCEEDED')
  const page = await show(third)
  await page.getByRole('article', { name: /^Done/ }).waitFor()
  const dividers = [first, second].map(({ number, input }) =>
    page.getByRole('heading', { name: `#${number} ${input}` })
  )
  for (const divider of dividers) expect(await divider.count()).toBe(0)
  await page.keyboard.press('Home')
  for (const divider of dividers) await divider.waitFor()
  await page.locator('article:focus[aria-label^="You: help"]').waitFor()
})

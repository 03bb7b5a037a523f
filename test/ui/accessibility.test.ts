import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Run } from '#contract/runs'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { needs } from '../kit/needs.ts'
import { askToRun, play, toolCall } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App

/** Pages by name; a status stands for the run that has it. */
const paths = {
  runs: '/runs',
  'no run of a status': '/runs?status=cancelled',
  'new run': '/runs/new',
  'a run that waits': '/runs/WAITING',
  'a run that is done': '/runs/SUCCEEDED',
  'a run that failed': '/runs/FAILED',
  approvals: '/approvals',
  'a page that is not there': '/nowhere'
}
type PageName = keyof typeof paths
const pages = Object.keys(paths) as PageName[]
const runs = new Map<string, string>()

async function show({ page }: Window, name: PageName): Promise<void> {
  await page.goto(app.url + paths[name].replace(/[A-Z]+$/, status => runs.get(status) ?? ''))
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle')
}

/** Something of every kind, so that every kind of row is looked at. */
const everything = [
  { type: 'thinking', text: 'First the tests.' },
  ...toolCall('1', { tool: 'Read', kind: 'read', argument: 'a.ts', input: { path: 'a.ts' } }, { text: 'a\nb' }),
  ...toolCall(
    '2',
    { tool: 'Bash', kind: 'command', argument: 'npm test', input: { command: 'npm test' } },
    { text: '\u001b[31mFAIL\u001b[0m \u001b[33mx\u001b[2m y', exitCode: 1, isError: true }
  ),
  ...toolCall(
    '3',
    { tool: 'Edit', kind: 'edit', argument: 'a.ts', input: { path: 'a.ts' } },
    {
      diff: {
        path: 'a.ts',
        hunks: [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: [' k', '-let a = 1', '+let a = 2'] }]
      }
    }
  ),
  ...toolCall('4', { tool: 'Todo', kind: 'todo', input: { todos: [{ content: 'Ship', status: 'in_progress' }] } }, {}),
  ...toolCall('5', { tool: 'Task', kind: 'agent', argument: 'look around', input: { prompt: 'look' } }, { text: 'ok' }),
  {
    type: 'text',
    text: '# Title\n\nA [link](https://example.com), `code`, a list:\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |'
  },
  { type: 'usage', inputTokens: 10, outputTokens: 5, costUsd: 0.5, contextUsed: 170_000, contextMax: 200_000 }
]

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true })
  const waiting = await play(app, 'Ask me', [...everything, ...askToRun('k', 'npm publish')])
  const done = await play(app, 'Do it', [...everything, { type: 'result', text: 'done' }])
  const failed = await play(app, 'Fail', [{ type: 'error', message: 'The model refused.', code: 'RATE_LIMITED' }])
  for (const [status, { id }] of Object.entries({ WAITING: waiting, SUCCEEDED: done, FAILED: failed })) {
    await untilStatus(app, id, status as Run['status'])
    runs.set(status, id)
  }
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

describe.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', colorScheme => {
  let window: Window
  beforeAll(async () => {
    window = await openWindow(browser, { colorScheme })
  })
  afterAll(async () => {
    expect(window.faults).toEqual([])
    await window.close()
  })

  test('on the sign-in page', async () => {
    await window.page.goto(app.url)
    await window.page.getByRole('heading', { name: 'Open your sign-in link' }).waitFor()
    expect(await violationsOf(window)).toEqual([])
    await signIn(app, window)
  })

  test.each(pages)('on %s', async name => {
    await show(window, name)
    expect(await violationsOf(window)).toEqual([])
  })

  test('on the list of keys', async () => {
    await show(window, 'runs')
    await window.page.keyboard.press('?')
    await window.page.getByRole('dialog').waitFor()
    expect(await violationsOf(window)).toEqual([])
  })

  test('on the first page of an empty fleet, also when it is narrow', async () => {
    const empty = await startApp()
    const narrow = await openWindow(browser, { colorScheme, viewport: { width: 1024, height: 700 } })
    await signIn(empty, narrow)
    await narrow.page.getByRole('heading', { name: 'Start your first agent' }).waitFor()
    expect(await violationsOf(narrow)).toEqual([])
    await narrow.close()
    await empty.close()
  })
})

test('nothing scrolls sideways at 1024 px but code and diffs', async () => {
  const window = await openWindow(browser, { viewport: { width: 1024, height: 700 } })
  await signIn(app, window)
  for (const name of pages) {
    await show(window, name)
    const width = await window.page.locator('html').evaluate(element => element.scrollWidth)
    expect(width, name).toBe(1024)
  }
  await window.close()
})

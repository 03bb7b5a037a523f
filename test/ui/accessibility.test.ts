import AxeBuilder from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { launchBrowser, openWindow, signIn, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { needs } from '../kit/needs.ts'
import { askToRun, play, toolCall } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let paths: Record<string, string>

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
  await untilStatus(app, waiting.id, 'WAITING')
  const done = await play(app, 'Do it', [...everything, { type: 'result', text: 'done' }])
  await untilStatus(app, done.id, 'SUCCEEDED')
  const failed = await play(app, 'Fail', [{ type: 'error', message: 'The model refused.', code: 'RATE_LIMITED' }])
  await untilStatus(app, failed.id, 'FAILED')
  paths = {
    runs: '/runs',
    'no run of a status': '/runs?status=cancelled',
    'new run': '/runs/new',
    'a run that waits': `/runs/${waiting.id}`,
    'a run that is done': `/runs/${done.id}`,
    'a run that failed': `/runs/${failed.id}`,
    approvals: '/approvals',
    'a page that is not there': '/nowhere'
  }
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

async function violationsOf({ page }: Window): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 160)}`))
}

describe.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', colorScheme => {
  test('on any page', async () => {
    const window = await openWindow(browser, { colorScheme })
    const { page } = window
    await page.goto(app.url)
    await page.getByRole('heading', { name: 'Open your sign-in link' }).waitFor()
    const found: Record<string, string[]> = { 'sign in': await violationsOf(window) }
    await signIn(app, window)
    for (const [name, path] of Object.entries(paths)) {
      await page.goto(app.url + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      found[name] = await violationsOf(window)
    }
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    found.keys = await violationsOf(window)
    expect(Object.fromEntries(Object.entries(found).filter(([, all]) => all.length > 0))).toEqual({})
    expect(window.faults).toEqual([])
    await window.close()
  })

  test('on the first page of an empty fleet, also when it is narrow', async () => {
    const empty = await startApp()
    const window = await openWindow(browser, { colorScheme, viewport: { width: 1024, height: 700 } })
    await signIn(empty, window)
    await window.page.getByRole('heading', { name: 'Start your first agent' }).waitFor()
    expect(await violationsOf(window)).toEqual([])
    await window.close()
    await empty.close()
  })
})

test('nothing scrolls sideways at 1024 px but code and diffs', async () => {
  const window = await openWindow(browser, { viewport: { width: 1024, height: 700 } })
  await signIn(app, window)
  for (const path of Object.values(paths)) {
    await window.page.goto(app.url + path)
    await window.page.getByRole('heading', { level: 1 }).waitFor()
    const width = await window.page.locator('html').evaluate(element => element.scrollWidth)
    expect(width, path).toBe(1024)
  }
  await window.close()
})

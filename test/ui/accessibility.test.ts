import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import type { Run } from '#contract/runs/runs'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { askToRun, play, toolCall } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { failingStore, firstRuns, runtimeTold } from './told.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let empty: App

/** Pages by name; a status stands for the run that has it. */
const paths = {
  runs: '/runs',
  'no run of a status': '/runs?status=cancelled',
  'new run': '/runs/new',
  'a run that waits': '/runs/WAITING',
  'a run that works': '/runs/RUNNING',
  'a run that is done': '/runs/SUCCEEDED',
  'a run that failed': '/runs/FAILED',
  approvals: '/approvals',
  'a page that is not there': '/runs/no/such'
}
type PageName = keyof typeof paths
const pages = Object.keys(paths) as PageName[]
const runs = new Map<string, string>()

async function show({ page }: Window, name: PageName): Promise<void> {
  await page.goto(app.url + paths[name].replace(/[A-Z]+$/, status => runs.get(status) ?? ''))
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
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
  ...toolCall(
    '6',
    { tool: 'Bash', kind: 'command', argument: 'seq 300', input: { command: 'seq 300' } },
    { text: Array.from({ length: 300 }, (_, i) => i).join('\n'), exitCode: 2, isError: true }
  ),
  ...toolCall('4', { tool: 'Todo', kind: 'todo', input: { todos: [{ content: 'Ship', status: 'in_progress' }] } }, {}),
  ...toolCall('5', { tool: 'Task', kind: 'agent', argument: 'look around', input: { prompt: 'look' } }, { text: 'ok' }),
  {
    type: 'text',
    text: '# Title\n\nA [link](https://example.com), `code`, a list:\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |'
  },
  { type: 'usage', inputTokens: 10, outputTokens: 5, costUsd: 0.5, contextUsed: 170_000, contextMax: 200_000 }
]

/** What opens over a page. */
const overlays = {
  'the menu of events': {
    on: 'a run that is done',
    open: async (page: Page) => {
      await page.getByRole('button', { name: 'Events' }).click()
      await page.getByRole('menuitem', { name: 'Quiet' }).waitFor()
    }
  },
  'the viewer of changes': {
    on: 'a run that is done',
    open: async (page: Page) => {
      await page.getByRole('complementary').getByRole('button', { name: /a.ts/ }).click()
      await page.getByRole('dialog').getByRole('region').first().waitFor()
    }
  },
  'the viewer of an output': {
    on: 'a run that is done',
    open: async (page: Page) => {
      await page.getByRole('button', { name: /more lines/ }).click()
      await page.getByRole('dialog').waitFor()
    }
  },
  'the parts of a call': {
    on: 'a run that is done',
    open: async (page: Page) => {
      await page.keyboard.press('Home')
      await page
        .getByRole('article', { name: /^Read, a.ts/ })
        .getByRole('button')
        .click()
      await page.getByRole('tab', { name: 'Raw' }).first().click()
    }
  },
  'a pattern of one’s own': {
    on: 'a run that waits',
    open: async (page: Page) => {
      await page.getByRole('button', { name: 'Always allow' }).click()
      await page.getByRole('menuitem', { name: /^A pattern of your own/ }).click()
      await page.getByRole('region', { name: 'What it would have allowed' }).waitFor()
    }
  },
  'an input that is edited': {
    on: 'a run that waits',
    open: async (page: Page) => {
      await page.getByRole('button', { name: 'Edit', exact: true }).click()
      await page.getByRole('textbox', { name: 'Command that is allowed instead' }).waitFor()
    }
  },
  'selected requests': {
    on: 'approvals',
    open: async (page: Page) => {
      await page.getByRole('button', { name: 'Allow once' }).waitFor()
      await page.keyboard.press('x')
      await page.getByRole('heading', { name: '1 request selected' }).waitFor()
    }
  }
} satisfies Record<string, { on: PageName; open: (page: Page) => Promise<unknown> }>

beforeAll(async () => {
  browser = await launchBrowser()
  empty = await startApp({ runner: true })
  app = await startApp({ runner: true })
  const waiting = await play(app, 'Ask me', [...everything, ...askToRun('k', 'npm publish')])
  const done = await play(app, 'Do it', [...everything, { type: 'result', text: 'done' }])
  const works = await play(app, 'Work', [{ type: 'text', text: 'At it.' }, { answer: 'never' }])
  const failed = await play(app, 'Fail', [{ type: 'error', message: 'The model refused.', code: 'RATE_LIMITED' }])
  for (const [status, { id }] of Object.entries({
    RUNNING: works,
    WAITING: waiting,
    SUCCEEDED: done,
    FAILED: failed
  })) {
    await untilStatus(app, id, status as Run['status'])
    runs.set(status, id)
  }
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await empty?.close()
})

describe.each(lookedThemes)('axe finds nothing in the %s theme', colorScheme => {
  let window: Window
  beforeAll(async () => {
    window = await openWindow(browser, { colorScheme })
    await signIn(app, window)
  })
  afterAll(async () => {
    expect(window.faults).toEqual([])
    await window.close()
  })

  test('on the sign-in page', async () => {
    const stranger = await openWindow(browser, { colorScheme })
    await stranger.page.goto(app.url)
    await stranger.page.getByRole('heading', { name: 'Open your sign-in link' }).waitFor()
    expect(await violationsOf(stranger)).toEqual([])
    expect(stranger.faults).toEqual([])
    await stranger.close()
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

  test.each(Object.keys(overlays) as (keyof typeof overlays)[])('on %s', async name => {
    const { on, open } = overlays[name]
    await show(window, on)
    await open(window.page)
    expect(await violationsOf(window)).toEqual([])
  })

  test('on the first page of an empty fleet, whatever state the runtime is in, also when it is narrow', async () => {
    await expect.poll(async () => (await empty.call(listRunners)).data[0]?.status, { timeout: 15_000 }).toBe('online')
    const narrow = await openWindow(browser, { colorScheme, viewport: { width: 1024, height: 700 } })
    await signIn(empty, narrow)
    for (const { name, says, runtime } of firstRuns) {
      await runtimeTold(runtime)(narrow.page)
      await narrow.page.reload()
      await narrow.page.getByRole('heading', { name: 'Start your first agent' }).waitFor()
      await narrow.page.getByText(says, { exact: true }).first().waitFor()
      expect(await violationsOf(narrow), name).toEqual([])
      await narrow.page.unrouteAll()
    }
    await narrow.close()
  })

  test('when nothing can be saved any more', async () => {
    await failingStore(window.page)
    await show(window, 'runs')
    await window.page.getByText('Nothing can be saved: no space left on the device').waitFor()
    expect(await violationsOf(window)).toEqual([])
    await window.page.unrouteAll()
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

test('nothing moves for who wants no motion', async () => {
  const moving = async (reducedMotion: 'reduce' | 'no-preference') => {
    const window = await openWindow(browser, { reducedMotion })
    await signIn(app, window)
    await show(window, 'a run that works')
    await window.page.getByText('Running').first().waitFor()
    // What appears after a moment, without moving, is an animation of no length.
    const animations = () =>
      window.page.evaluate<number>(
        'document.getAnimations().filter(one => one.effect.getComputedTiming().activeDuration > 0).length'
      )
    // The first drawing says that it runs; what moves may come with the next.
    if (reducedMotion === 'no-preference') await expect.poll(animations).toBeGreaterThan(0)
    else expect(await animations()).toBe(0)
    await window.close()
  }
  await moving('no-preference')
  await moving('reduce')
})

test('with forced colours, what is chosen has an edge, and the ribbon keeps its kinds apart', async () => {
  const window = await openWindow(browser, { forcedColors: 'active' })
  const { page } = window
  await signIn(app, window)
  const outlineOf = (selector: string) =>
    page.evaluate<string>(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).outlineStyle`)
  await show(window, 'new run')
  expect(await outlineOf('nav [aria-current="page"]')).toBe('solid')
  expect(await outlineOf('[data-checked]')).toBe('solid')
  expect(await outlineOf('nav a:not([aria-current])')).toBe('none')
  await show(window, 'a run that waits')
  await page.getByRole('img', { name: /^Where the time went/ }).waitFor()
  const colours = await page.evaluate<string[]>(
    `[...document.querySelectorAll('[role="img"] > i')].map(bar => getComputedStyle(bar).backgroundColor)`
  )
  expect(new Set(colours).size).toBeGreaterThan(1)
  const ink = await page.evaluate<string>(
    `getComputedStyle(document.querySelector('header [class*="waiting"] svg')).color`
  )
  const canvas = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
  expect(ink).not.toBe(canvas)
  await window.close()
})

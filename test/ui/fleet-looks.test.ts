import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { createAgent, executeAgent } from '#contract/fleet/agents'
import { createEpic, createTask } from '#contract/work/tasks'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { isLooked } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let agentId: string

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true })
  const body = { name: `${'ＷＷ'.repeat(30)} \u202egnp.exe <b>🚀`, runtime: 'practice', team: 'x'.repeat(100) }
  const hostile = await app.call(createAgent, { body })
  await app.call(createAgent, { body: { name: 'مرحبا', glyph: '🦊' } })
  agentId = hostile.id
  const epic = await app.call(createEpic, { body: { title: `\u202e<i>${'ＷＷ'.repeat(60)}` } })
  await app.call(createTask, { body: { title: 'x', input: 'x', assigneeId: agentId, epicId: epic.id } })
  const run = await app.call(executeAgent, { params: { id: agentId }, body: { prompt: 'run rm -rf build' } })
  await untilStatus(app, run.id, 'WAITING')
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

const pages = {
  fleet: () => '/fleet',
  teams: () => '/fleet?group=team',
  epics: () => '/fleet?group=epic',
  grid: () => '/fleet?view=grid',
  'new agent': () => '/fleet/new',
  agent: () => `/fleet/${agentId}`,
  settings: () => `/fleet/${agentId}?tab=config`
}
type PageName = keyof typeof pages
const names = Object.keys(pages) as PageName[]

async function show({ page }: Window, name: PageName): Promise<void> {
  await page.goto(app.url + pages[name]())
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle')
}

async function openWide(width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Window> {
  const window = await openWindow(browser, { colorScheme, viewport: { width, height: 844 }, hasTouch: width < 1000 })
  await signIn(app, window)
  return window
}

const looks = [
  ['light', 1440],
  ['light', 390],
  ['dark', 1440],
  ['dark', 390]
] as const

describe.each(looks.filter(([theme, width]) => isLooked(theme, width)))(
  'axe finds nothing in the %s theme at %i px, whatever an agent is called',
  (theme, width) => {
    let window: Window
    beforeAll(async () => {
      window = await openWide(width, theme)
    })
    afterAll(async () => {
      expect(window.faults).toEqual([])
      await window.close()
    })
    test.each(names)('on %s', async name => {
      await show(window, name)
      expect(await violationsOf(window)).toEqual([])
    })
  }
)

test.each([1440, 1024, 390, 320])('nothing scrolls sideways at %i px', async width => {
  const window = await openWide(width)
  for (const name of names) {
    await show(window, name)
    const wide = await window.page.locator('html').evaluate(element => element.scrollWidth)
    expect(wide, name).toBe(width)
  }
  await window.close()
})

import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { listApprovals } from '#contract/runs/approvals'
import { launchRun } from '#contract/runs/runs'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { needs } from '../kit/needs.ts'
import { askToRun, play } from '../kit/play.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'
import { firstRuns, runtimeTold } from './told.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let empty: App
let windows: Window[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  empty = await startApp({ runner: true })
  app = await startApp({ runner: true })
  await untilStatus(app, (await play(app, 'Sweep the attic', [{ type: 'result', text: 'ok' }])).id, 'SUCCEEDED')
  const failed = await play(app, 'Paint the fence', [{ type: 'error', message: 'No brush.', code: 'TOOLS' }])
  await untilStatus(app, failed.id, 'FAILED')
  await untilStatus(app, (await play(app, 'Ask first', askToRun('k', 'date'))).id, 'WAITING')
  await untilStatus(app, (await play(app, 'Ask later', askToRun('k', 'uptime'))).id, 'WAITING')
  await untilStatus(
    app,
    (await play(app, 'Work on', [{ type: 'text', text: 'At it.' }, { answer: 'never' }])).id,
    'RUNNING'
  )
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await empty?.close()
})
afterEach(async () => {
  for (const window of windows) {
    expect(window.faults).toEqual([])
    await window.close()
  }
  windows = []
})

async function open(path: string, options: BrowserContextOptions = {}, on: App = app): Promise<Window> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await signIn(on, window, path)
  return window
}

const rows = (page: Page) =>
  page.getByRole('row').evaluateAll(all => all.slice(1).map(row => (row.querySelector('a') ?? row).textContent?.trim()))

describe('the list of runs', () => {
  test('who needs me comes first, in rows of 36 px', async () => {
    const { page } = await open('/runs')
    await expect
      .poll(() => rows(page))
      .toEqual([
        'Needs you 2, oldest first',
        'Ask first',
        'Ask later',
        'Running 1, longest first',
        'Work on',
        'Today newest first',
        'Paint the fence',
        'Sweep the attic'
      ])
    const row = page.getByRole('row', { name: /Sweep the attic/ })
    expect((await row.boundingBox())?.height).toBe(36)
    await page
      .getByRole('row', { name: /Ask later/ })
      .getByRole('link', { name: /^Review/ })
      .click()
    await page.getByRole('region', { name: /wants to run uptime/ }).waitFor()
  })

  test('/ filters by words or a number, and Enter opens the first', async () => {
    const { page } = await open('/runs')
    await page.getByRole('grid').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('the FENCE')
    await expect.poll(() => rows(page)).toEqual(['Today newest first', 'Paint the fence'])
    await expect.poll(() => new URL(page.url()).searchParams.get('search')).toBe('the FENCE')
    await page.reload()
    await expect.poll(() => rows(page)).toEqual(['Today newest first', 'Paint the fence'])
    await page.keyboard.press('/')
    await page.keyboard.type('a&b #')
    await page.getByText('Nothing matches').waitFor()
    await expect.poll(() => new URL(page.url()).searchParams.get('search')).toBe('a&b #')
    await page.getByRole('link', { name: 'Clear the filters' }).click()
    await page.getByRole('row', { name: /Sweep the attic/ }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('#1')
    await expect.poll(() => rows(page)).toEqual(['Today newest first', 'Sweep the attic'])
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /Sweep the attic/ }).waitFor()
  })

  test('a runtime is a chip that can be left out', async () => {
    const { page } = await open('/runs')
    await page.getByRole('button', { name: 'Runtime' }).click()
    await page.getByRole('menuitem', { name: 'Practice agent' }).click()
    await page.getByText('Nothing matches').waitFor()
    await page.getByRole('button', { name: /^Runtime: .*Leave it out/ }).click()
    await expect.poll(async () => (await rows(page)).length).toBe(8)
  })

  test('so is a folder, which holds the folders below it; both narrow together', async () => {
    const [attic, cellar] = [temporaryFolder(), temporaryFolder()]
    const there = await startApp({ runner: true, allowedDirs: [attic, cellar] })
    const below = join(attic, 'box')
    mkdirSync(below)
    for (const [prompt, cwd] of [['list', attic] as const, ['find kiwi', below] as const, ['help', cellar] as const]) {
      const run = await there.call(launchRun, { body: { prompt, cwd, runtime: 'practice' } })
      await untilStatus(there, run.id, 'SUCCEEDED')
    }
    const { page } = await open('/runs', {}, there)
    await page.getByRole('button', { name: 'Folder' }).click()
    await page.getByRole('menuitem', { name: `\u2068${basename(attic)}\u2069` }).click()
    await expect.poll(() => rows(page)).toEqual(['Today newest first', 'find kiwi', 'list'])
    expect(new URL(page.url()).searchParams.get('folder')).toBe(attic)
    await page.keyboard.press('/')
    await page.keyboard.type('KIWI')
    await expect.poll(() => rows(page)).toEqual(['Today newest first', 'find kiwi'])
    await page.getByRole('button', { name: /^Folder: .*Leave it out/ }).click()
    await page.getByRole('searchbox').fill('help')
    await expect.poll(() => rows(page)).toEqual(['Today newest first', 'help'])
    await there.close()
  })
})

describe('keys', () => {
  test('of one character can be turned off, and stay off; the others work', async () => {
    const { page } = await open('/runs')
    await page.getByRole('grid').waitFor()
    await page.keyboard.press('?')
    await page.getByRole('checkbox', { name: 'Keys of one character' }).click()
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByRole('grid').waitFor()
    for (const key of ['n', '/', 'g', 'a', '?']) await page.keyboard.press(key)
    expect(new URL(page.url()).pathname).toBe('/runs')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.getByRole('link', { name: 'New run' }).innerText()).toBe('New run')
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Search or run' }).waitFor()
  })

  test('can be others; one that is taken is refused, and ⇧A reads as such', async () => {
    const [waiting] = (await app.call(listApprovals, { query: { status: 'pending' } })).data
    const { page } = await open(`/approvals/${waiting?.id}`)
    await page.locator('[data-settled]').waitFor()
    await page.keyboard.press('?')
    const help = page.getByRole('dialog')
    expect(await help.getByRole('button', { name: /^Key for Always allow/ }).innerText()).toBe('⇧A')
    const open_run = help.getByRole('button', { name: /^Key for Open run or flow/ })
    await open_run.click()
    await page.keyboard.press('d')
    await help.getByText('Deny, with a reason has this key').waitFor()
    await page.keyboard.press('Shift+O')
    await help.getByRole('button', { name: /^Key for Open run or flow: shift\+o/ }).waitFor()
    await help.getByRole('button', { name: 'Close' }).click()
    await page.keyboard.press('o')
    expect(new URL(page.url()).pathname).toMatch(/^\/approvals/)
    await page.keyboard.press('Shift+O')
    await page.waitForURL(/\/runs\//)
  })

  test('that are held act once: no page is opened again and again', async () => {
    const { page } = await open('/approvals')
    await page.locator('[data-settled]').waitFor()
    const before = await page.evaluate<number>('history.length')
    for (let i = 0; i < 20; i++) await page.keyboard.down('n')
    await page.keyboard.up('n')
    await page.getByRole('heading', { name: 'New run' }).waitFor()
    expect(await page.evaluate<number>('history.length')).toBe(before + 1)
  })
})

test.each([1440, 1024])('the navigation keeps to its column at %i px', async width => {
  const { page } = await open('/runs/new', { viewport: { width, height: 700 } })
  const edge = (name: string) => page.locator(name).evaluate(element => element.getBoundingClientRect().toJSON())
  await page.getByRole('heading', { level: 1 }).waitFor()
  const [side, main] = [await edge('nav[aria-label="Main"]'), await edge('#main')]
  expect(side.right).toBeLessThanOrEqual(main.left)
})

describe('the navigation where there is one column', () => {
  test.each([
    { width: 390, height: 844 },
    { width: 320, height: 256 }
  ])('is a drawer at $width × $height that holds the focus and gives it back', async viewport => {
    const window = await open('/runs', { viewport, hasTouch: true })
    const { page } = window
    await page.getByRole('grid').waitFor()
    expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(0)
    const menu = page.getByRole('button', { name: 'Menu, 2 waiting' })
    await menu.click()
    const drawer = page.getByRole('dialog', { name: 'Navigation' })
    await drawer.waitFor()
    expect(await violationsOf(window)).toEqual([])
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
    expect(await menu.evaluate((button: { matches(selector: string): boolean }) => button.matches(':focus'))).toBe(true)
    await menu.click()
    await drawer.getByRole('link', { name: 'Approvals, 2 waiting' }).click()
    await page.getByRole('heading', { name: 'Approvals' }).waitFor()
    await drawer.waitFor({ state: 'hidden' })
    expect(await page.locator('html').evaluate(element => element.scrollWidth)).toBe(viewport.width)
  })
})

describe('the first run', () => {
  test('does not move with what is found out, and its button is in view at 1024 × 700', async () => {
    await expect.poll(async () => (await empty.call(listRunners)).data[0]?.status, { timeout: 15_000 }).toBe('online')
    const { page } = await open('/runs', { viewport: { width: 1024, height: 700 } }, empty)
    const places: unknown[] = []
    for (const { says, runtime } of firstRuns) {
      await runtimeTold(runtime)(page)
      await page.reload()
      await page.getByText(says, { exact: true }).first().waitFor()
      const third = await page.getByRole('heading', { name: 'What should it do first?' }).boundingBox()
      places.push(third?.y)
      const button = await page.getByRole('button', { name: 'Start run' }).boundingBox()
      expect((button?.y ?? 1000) + (button?.height ?? 0)).toBeLessThanOrEqual(700)
      await page.unrouteAll()
    }
    expect(new Set(places).size).toBe(1)
  })

  test('says once that a runtime is not installed', async () => {
    const { page } = await open('/runs', {}, empty)
    await runtimeTold({
      state: 'missing',
      version: null,
      signedIn: 'unknown',
      detail: 'Not found. Install it: npm install'
    })(page)
    await page.reload()
    // The label and what stands with it; other runtimes may be missing just so.
    const claude = page.getByRole('listitem').or(page.locator('label')).filter({ hasText: 'Claude Code' })
    await claude.getByText('not installed').waitFor()
    expect(await claude.getByText(/not installed|not found/i).count()).toBe(1)
  })
})

test('the command of the sign-in page is copied, or selected where the browser refuses', async () => {
  const window = await openWindow(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
  windows.push(window)
  const { page } = window
  await page.goto(app.url)
  await page.getByRole('button', { name: 'Copy the command' }).click()
  await page.getByText('Copied').waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('npm start -- login-link')
  await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("no"))')
  await page.getByRole('button', { name: 'Copy the command' }).click()
  await page.getByText('Selected').waitFor()
  expect(await page.evaluate('String(getSelection())')).toContain('npm start -- login-link')
})

test.each(['/runs', '/runs/new', '/approvals'])('targets on %s are at least 24 px', async path => {
  const { page } = await open(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle')
  const small = await page.evaluate<
    string[]
  >(`[...document.querySelectorAll('a, button, input, select, textarea, [tabindex="0"]')]
    .filter(one => one.checkVisibility() && !one.matches('[role="dialog"], [role="grid"], [role="log"], pre'))
    .map(one => ({ one: one.outerHTML.slice(0, 100), box: (one.closest('label') ?? one).getBoundingClientRect(), skip: one.matches('[href="#main"]') || (one.matches('[role="row"] a') ) }))
    .filter(({ box, skip }) => !skip && (box.width < 24 || box.height < 24))
    .map(({ one, box }) => Math.round(box.width) + '×' + Math.round(box.height) + ' ' + one)`)
  expect(small).toEqual([])
})

test('with forced colours what is chosen or urgent has more than a colour', async () => {
  const { page } = await open('/runs?runtime=command', { forcedColors: 'active' })
  await page.getByRole('grid').waitFor()
  const styles = await page.evaluate<string[]>(`[
    getComputedStyle(document.querySelector('[aria-label^="Runtime"]')).borderTopStyle,
    getComputedStyle(document.querySelector('[data-urgent]')).textDecorationLine,
    getComputedStyle(document.querySelector('nav [aria-label^="Approvals"] > span:last-child')).borderTopStyle
  ]`)
  expect(styles).toEqual(['solid', 'underline', 'solid'])
})

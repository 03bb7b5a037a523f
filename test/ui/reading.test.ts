import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { getRun, type Run } from '#contract/runs/runs'
import { launchBrowser, openWindow, signIn, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { needs } from '../kit/needs.ts'
import { play, toolCall } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { published } from './stories.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let long: Run
let done: Run
let window: Window

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true })
  done = await play(app, 'Publish', published)
  long = await play(app, 'Many', [
    {
      repeat: 10_000,
      lines: toolCall(
        'c%n',
        { tool: 'Bash', kind: 'command', argument: 'step %n', input: { command: 'step %n' } },
        { text: 'out of %n', exitCode: 0 }
      )
    },
    { type: 'result', text: 'ok' }
  ])
  for (const run of [done, long]) await untilStatus(app, run.id, 'SUCCEEDED')
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})
afterEach(async () => {
  expect(window.faults).toEqual([])
  await window.close()
})

async function show(run: Run, query = '', options: BrowserContextOptions = {}): Promise<Page> {
  window = await openWindow(browser, options)
  await signIn(app, window, `/runs/${run.id}${query}`)
  await window.page.getByRole('article', { name: /^Done/ }).waitFor()
  return window.page
}

/** What has the focus lies in view with an outline around it. */
const isSeen = (page: Page) =>
  page.evaluate<boolean>(`(() => {
    const focused = document.activeElement
    const box = focused.getBoundingClientRect()
    const frame = focused.closest('[role="log"]').getBoundingClientRect()
    return getComputedStyle(focused).outlineStyle === 'solid' && box.bottom > frame.top && box.top < frame.bottom
  })()`)

const marks = (page: Page, name: string) => page.evaluate<number>(`CSS.highlights.get('${name}')?.size ?? 0`)

test('the search finds what is not loaded, leads there and opens it; End returns to the end', async () => {
  const page = await show(long)
  await page.keyboard.press('Control+f')
  await page.keyboard.type('out of 1234')
  await page.getByText('1', { exact: true }).and(page.getByRole('status')).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('article', { name: 'Bash, step 1234, exit 0' }).getByText('out of 1234').waitFor()
  await page.getByText('1 of 1').waitFor()
  await expect.poll(() => marks(page, 'found-current')).toBe(1)
  await page.keyboard.press('Escape')
  await expect.poll(() => marks(page, 'found-current')).toBe(0)
  await page.keyboard.press('End')
  await page.getByRole('article', { name: /^Done/ }).waitFor()
})

test('Home goes to the first event at once, and J reads on from there', async () => {
  const page = await show(long)
  await page.keyboard.press('Home')
  await page.locator('article:focus[aria-label="You: Many"]').waitFor()
  expect(await isSeen(page)).toBe(true)
  await page.keyboard.press('j')
  await page.locator('article:focus[aria-label="Bash, step 1, exit 0"]').waitFor()
  await page.keyboard.press('k')
  await page.locator('article:focus[aria-label="You: Many"]').waitFor()
})

test('Home pressed again and again while the beginning is loaded leads to the beginning', async () => {
  const page = await show(long)
  for (let times = 0; times < 8; times++) await page.keyboard.press('Home')
  await page.locator('article:focus[aria-label="You: Many"]').waitFor()
  expect(await isSeen(page)).toBe(true)
})

test('a page from above that comes late is not put into what the reader was led to', async () => {
  const page = await show(long)
  const late = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  let answered: Promise<void> | undefined
  await page.route(/\/events\?/, async route => {
    const after = Number(new URL(route.request().url()).searchParams.get('after'))
    if (after === 0) return route.continue()
    held.resolve()
    answered = late.promise.then(() => route.continue())
    await answered
  })
  await page.getByRole('log').evaluate(log => log.scrollTo({ top: 0 }))
  await held.promise
  await page.keyboard.press('Home')
  await page.locator('article:focus[aria-label="You: Many"]').waitFor()
  const came = page.waitForResponse(response => /\/events\?after=[1-9]/.test(response.url()))
  late.resolve()
  await (await came).finished()
  await page.keyboard.press('j')
  await page.locator('article:focus[aria-label="Bash, step 1, exit 0"]').waitFor()
  expect(await page.getByRole('article').first().getAttribute('aria-label')).toBe('You: Many')
})

test('the first J goes to the first entry after what is in view, and its focus is seen', async () => {
  const page = await show(long)
  await page.keyboard.press('Control+f')
  await page.keyboard.type('out of 5000')
  await page.getByText('1', { exact: true }).and(page.getByRole('status')).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('article', { name: 'Bash, step 5000, exit 0' }).getByText('out of 5000').waitFor()
  await page.keyboard.press('Escape')
  const last = await page.getByRole('log').evaluate(log => {
    const bottom = log.getBoundingClientRect().bottom
    const inView = [...log.querySelectorAll('article')].filter(row => row.getBoundingClientRect().bottom <= bottom)
    return Number(
      inView
        .at(-1)
        ?.getAttribute('aria-label')
        ?.match(/step (\d+)/)?.[1]
    )
  })
  await page.keyboard.press('j')
  await page.locator(`article:focus[aria-label="Bash, step ${last + 1}, exit 0"]`).waitFor()
  expect(await isSeen(page)).toBe(true)
})

test('words of one in ten thousand calls are found by one question', async () => {
  const page = await show(long)
  const asked: string[] = []
  page.on('request', request => /events\?|search/.test(request.url()) && asked.push(request.url()))
  await page.keyboard.press('Control+f')
  await page.keyboard.type('STEP 777')
  await page.getByText('11', { exact: true }).and(page.getByRole('status')).waitFor()
  expect(asked.filter(url => url.includes('777'))).toHaveLength(1)
})

test('after a jump into the middle the reader can read on to the end', async () => {
  const page = await show(long)
  await page.keyboard.press('Control+f')
  await page.keyboard.type('out of 9700')
  await page.getByText('1', { exact: true }).and(page.getByRole('status')).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('article', { name: 'Bash, step 9700, exit 0' }).waitFor()
  await expect
    .poll(async () => {
      await page.getByRole('log').evaluate(log => log.scrollBy({ top: 4000 }))
      return page.getByRole('article', { name: /^Done/ }).count()
    })
    .toBe(1)
})

test('ten thousand calls open at their end with few elements', async () => {
  const page = await show(long)
  expect(await page.getByRole('log').locator('*').count()).toBeLessThan(600)
})

test('the filter is in the address, and quiet keeps what failed', async () => {
  const page = await show(done)
  await page.getByRole('article', { name: /^Bash, npm publish/ }).waitFor()
  await page.getByRole('button', { name: 'Events' }).click()
  await page.getByRole('menuitem', { name: 'Quiet' }).click()
  await expect.poll(() => page.getByRole('article', { name: /^Bash, npm publish/ }).count()).toBe(0)
  expect(page.url()).toContain('events=quiet')
  await page.keyboard.press('Escape')
  await page.reload()
  await page.getByRole('article', { name: /exit 1/ }).waitFor()
  await page.getByRole('button', { name: 'Events, filtered' }).waitFor()
  expect(await page.getByRole('article', { name: /^Bash, npm publish/ }).count()).toBe(0)
})

test('a call shows what went in, what came out and what was told, by keys', async () => {
  const page = await show(done)
  const call = page.getByRole('article', { name: /^Bash, npm publish/ })
  await call.getByRole('button', { name: /npm publish/ }).press('Enter')
  await call.getByText('storefront-api@2.4.0').waitFor()
  await call.getByRole('tab', { name: 'Result' }).press('ArrowRight')
  await call.getByRole('tabpanel', { name: 'Raw' }).getByText('"toolUseId"').first().waitFor()
  await page.keyboard.press('ArrowRight')
  await call.getByRole('tabpanel', { name: 'Input' }).getByText('npm publish --dry-run --tag next').waitFor()
  expect(await call.getByRole('tabpanel').count()).toBe(1)
})

test('the sums of time are those of the whole run, also where only its end is loaded', async () => {
  const page = await show(long)
  const rail = page.getByRole('complementary', { name: 'Run facts' })
  const run = await app.call(getRun, { params: { id: long.id } })
  const seconds = (text: string) => Number(text.replace(' s', ''))
  const sums = await rail.getByRole('definition').filter({ hasText: / s$/ }).allInnerTexts()
  expect(run.toolsMs).toBeLessThanOrEqual(run.durationMs ?? 0)
  expect(sums.map(seconds).reduce((a, b) => a + b)).toBeCloseTo((run.durationMs ?? 0) / 1000, 0)
})

test('the ribbon and the menu lead to where the time went', async () => {
  const page = await show(done)
  await page.getByRole('img', { name: /^Where the time went: Model/ }).waitFor()
  await page.getByRole('button', { name: 'Events' }).click()
  await page.getByRole('menuitem', { name: /^Bash failed/ }).click()
  await page.getByRole('article', { name: /exit 1/ }).waitFor()
})

test('an edit opens its file over the window, and going back closes it', async () => {
  const page = await show(done)
  const edit = page.getByRole('article', { name: /^Edit, CHANGELOG.md/ })
  await edit.getByRole('button', { name: 'Open', exact: true }).click()
  const viewer = page.getByRole('dialog', { name: /^Changed files/ })
  await viewer.getByRole('region', { name: 'Changes of CHANGELOG.md' }).waitFor()
  expect(page.url()).toContain('file=CHANGELOG.md')
  await page.goBack()
  await viewer.waitFor({ state: 'hidden' })
})

test('all changed files are read side by side over the whole window', async () => {
  const page = await show(done)
  await page
    .getByRole('complementary')
    .getByRole('button', { name: /CHANGELOG.md/ })
    .click()
  const viewer = page.getByRole('dialog', { name: /^Changed files/ })
  await viewer.getByRole('region', { name: 'Changes of CHANGELOG.md' }).waitFor()
  await viewer.getByRole('button', { name: 'Side by side' }).click()
  await viewer.getByRole('button', { name: /refunds.ts/ }).click()
  await viewer
    .getByRole('region', { name: /refunds.ts, side by side/ })
    .getByText('claim')
    .waitFor()
  await page.keyboard.press('Escape')
  await viewer.waitFor({ state: 'hidden' })
})

test('on a phone the changed files stand at the end of the run, to review with the thumb', async () => {
  const page = await show(done, '', { hasTouch: true, viewport: { width: 390, height: 844 } })
  const files = page.getByRole('article', { name: /^Done/ }).getByRole('region', { name: 'Changed files' })
  const file = files.getByRole('button', { name: /CHANGELOG.md/ })
  await file.waitFor()
  expect((await file.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  await files.getByRole('button', { name: 'Review changes' }).tap()
  const viewer = page.getByRole('dialog', { name: /^Changed files/ })
  await viewer.waitFor()
  await page.goBack()
  await viewer.waitFor({ state: 'hidden' })
  await file.tap()
  await viewer.getByRole('region', { name: 'Changes of CHANGELOG.md' }).waitFor()
})

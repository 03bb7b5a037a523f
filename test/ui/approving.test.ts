import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { type Approval, approve, listApprovals } from '#contract/runs/approvals'
import { launchBrowser, openWindow, signIn, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { needs } from '../kit/needs.ts'
import { askToRun, play, type Step } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let windows: Window[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  // What is decided here stays undoable for as long as a test takes.
  app = await startApp({ runner: true, undoMs: 120_000 })
})
afterEach(async () => {
  for (const window of windows) {
    expect(window.faults).toEqual([])
    await window.close()
  }
  windows = []
  await app.close()
})

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await signIn(app, window, path)
  return window.page
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }

const listed = async (status: Approval['status']) => (await app.call(listApprovals, { query: { status } })).data
const subjects = (approvals: readonly Approval[]) => approvals.map(one => one.subject).sort()

/** Runs that ask one after the other; the first waits longest. */
async function waiting(...commands: string[]): Promise<Approval[]> {
  for (const [at, command] of commands.entries()) {
    await play(app, `Prompt of ${command}`, askToRun('k', command))
    await expect.poll(async () => (await listed('pending')).length, { timeout: 20_000 }).toBe(at + 1)
  }
  return listed('pending')
}

const region = (page: Page, command: string) =>
  page.getByRole('region', { name: new RegExp(`wants to run ${command}`) })
const focusIn = (page: Page) =>
  page.evaluate<string>(
    `document.activeElement?.closest('[data-request]')?.ariaLabel ?? document.activeElement?.dataset.item ?? document.activeElement?.tagName ?? ''`
  )

/** Long enough in view to be answered. */
const settled = (page: Page, command: string) => region(page, command).locator('[data-settled]').waitFor()

/** From inside the page, in the task that draws the request: nobody can have read it, however busy the machine is. */
const pressAsSoonAs = (words: string) => `
  globalThis.pressed = false
  new MutationObserver((_, observer) => {
    const answer = document.querySelector('[data-request][aria-label*="${words}"] [data-answer="allow"]')
    if (answer === null) return
    observer.disconnect()
    answer.click()
    globalThis.pressed = true
  }).observe(document.body, { subtree: true, childList: true })
`

/** A key that is held: the browser repeats it. */
async function hold(page: Page, key: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await page.keyboard.down(key)
  await page.keyboard.up(key)
}

describe('in the inbox', () => {
  test('a key that is held answers one request, and the one below opens with the focus', async () => {
    await waiting('one', 'two', 'three', 'four')
    const page = await open('/approvals')
    await settled(page, 'one')
    await page.keyboard.press('j')
    await settled(page, 'two')
    await hold(page, 'a', 30)
    await region(page, 'three').waitFor()
    await expect.poll(() => focusIn(page)).toContain('three')
    await settled(page, 'three')
    expect(subjects(await listed('approved'))).toEqual(['two'])
    await page.keyboard.press('a')
    await region(page, 'four').waitFor()
    await settled(page, 'four')
    // Below the last there is none: the one above opens, not the oldest by itself.
    await page.keyboard.press('a')
    await region(page, 'one').waitFor()
    expect(subjects(await listed('approved'))).toEqual(['four', 'three', 'two'])
    expect(subjects(await listed('pending'))).toEqual(['one'])
  })

  test('Enter that is held on a button presses it once', async () => {
    await waiting('one', 'two')
    const page = await open('/approvals')
    await settled(page, 'one')
    await page.getByRole('button', { name: 'Deny' }).focus()
    await hold(page, 'Enter', 20)
    await region(page, 'two').waitFor()
    await settled(page, 'two')
    expect([subjects(await listed('denied')), subjects(await listed('pending'))]).toEqual([['one'], ['two']])
  })

  test('a request that has just appeared takes neither key nor click', async () => {
    await waiting('one', 'two')
    const page = await open('/approvals')
    await settled(page, 'one')
    await page.evaluate(pressAsSoonAs('wants to run two'))
    await page.getByRole('button', { name: 'Allow once' }).dblclick()
    await settled(page, 'two')
    expect(await page.evaluate('pressed')).toBe(true)
    expect(subjects(await listed('pending'))).toEqual(['two'])
  })

  test('without a focused request a key points at it, and the next press answers', async () => {
    await waiting('rm -rf build')
    const page = await open('/approvals')
    await settled(page, 'rm -rf build')
    await page.getByRole('link', { name: 'Runs' }).focus()
    await page.keyboard.press('a')
    await expect.poll(() => focusIn(page)).toContain('rm -rf build')
    expect(await listed('pending')).toHaveLength(1)
    await page.keyboard.press('a')
    await expect.poll(async () => (await listed('pending')).length).toBe(0)
    // Nothing waits any more: the focus is still in the page.
    await expect.poll(() => focusIn(page)).not.toBe('BODY')
  })

  test.each([
    ['a', /^Allowed once: .?one/],
    ['d', /^Denied: .?one/]
  ])('what %s decided can be undone by key, and waits where it waited', async (key, words) => {
    await waiting('one', 'two')
    const page = await open('/approvals')
    await settled(page, 'one')
    await page.keyboard.press('k')
    await page.keyboard.press(key)
    if (key === 'd') await page.keyboard.press('Enter')
    await region(page, 'two').waitFor()
    await page.getByRole('status').getByText(words).waitFor()
    await page.keyboard.press('Control+z')
    await region(page, 'one').waitFor()
    expect((await listed('pending')).map(one => one.subject)).toEqual(['one', 'two'])
    const titles = await page.getByRole('region', { name: 'Waiting' }).getByRole('link').allInnerTexts()
    expect(titles.map(title => title.split('\n').at(-1))).toEqual(['one', 'two'])
    await expect.poll(() => focusIn(page)).toContain('one')
  })

  test('several that were allowed together are undone together', async () => {
    await waiting('one', 'two', 'three')
    const page = await open('/approvals')
    await settled(page, 'one')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('x')
    await page.getByRole('heading', { name: '2 requests selected' }).waitFor()
    await page.locator('[data-settled]').waitFor()
    await page.getByRole('button', { name: 'Allow all 2 once' }).click()
    await expect.poll(async () => subjects(await listed('approved'))).toEqual(['one', 'two'])
    await page.getByRole('button', { name: /^Undo/ }).click()
    await expect.poll(async () => subjects(await listed('pending'))).toEqual(['one', 'three', 'two'])
  })

  test('decided elsewhere while it has the focus, the focus stays with it', async () => {
    const [one] = await waiting('one', 'two')
    const page = await open(`/approvals/${one?.id}`)
    await settled(page, 'one')
    await page.getByRole('button', { name: 'Allow once' }).focus()
    await app.call(approve, { params: { id: one?.id ?? '' } })
    await page.getByRole('region', { name: /one/ }).getByText('Allowed once').waitFor()
    await expect.poll(() => focusIn(page)).toContain('one')
  })

  test('titles begin with who asks, and marks that turn text are spelt out or end with their text', async () => {
    const hostile = 'rm \u202e/txt.exe'
    const steps: Step[] = [
      {
        type: 'approval',
        key: 'q',
        kind: 'question',
        tool: 'Ask\u202e',
        title: 'has a \u202equestion',
        input: {
          questions: [
            { question: 'Now\u202e or \u2067later?', options: [{ label: 'N\u202eow', description: 'at \u202donce' }] }
          ]
        }
      },
      { answer: 'q' }
    ]
    await waiting(hostile)
    const question = await play(app, 'Prompt \u202e of a question', steps)
    await untilStatus(app, question.id, 'WAITING')
    const plan = await play(app, 'Prompt \u202b of a plan', [
      {
        type: 'approval',
        key: 'p',
        kind: 'plan',
        tool: 'Plan',
        title: 'has a plan',
        input: { plan: '# Go \u202e on\n\n- \u2066one' },
        reason: 'It \u202e says so'
      },
      { answer: 'p' }
    ])
    await untilStatus(app, plan.id, 'WAITING')
    const page = await open('/approvals')
    const items = page.getByRole('region', { name: 'Waiting' }).getByRole('link')
    await expect.poll(() => items.count()).toBe(3)
    expect(await items.allInnerTexts()).toEqual([
      expect.stringMatching(/^#\nRun #1 wants to run\n/),
      expect.stringMatching(/^#\nRun #2 asks\n/),
      expect.stringMatching(/^#\nRun #3 has a plan\n/)
    ])
    for (const approval of await listed('pending')) {
      await page.goto(`${app.url}/approvals/${approval.id}`)
      await page.getByText('⟨U+202E⟩').first().waitFor()
      expect(await turningText(page)).toEqual([])
    }
    await page.goto(`${app.url}/runs`)
    await page.getByText('⟨U+202E⟩').first().waitFor()
    expect(await turningText(page)).toEqual([])
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByText('⟨U+202E⟩').first().waitFor()
    expect(await turningText(page)).toEqual([])
  })
})

/** Texts and names on the page in which a mark reaches beyond them. Isolates of our own are closed. */
function turningText(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[
    document.title,
    ...[...document.querySelectorAll('body *')].flatMap(element => [
      ...[...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data),
      ...[...element.attributes].filter(({ name }) => ['title', 'aria-label', 'placeholder', 'alt'].includes(name)).map(({ value }) => value)
    ])
  ].filter(text => /[\\u202a-\\u202e\\u2066\\u2067]/.test(text) || text.split('\\u2068').length !== text.split('\\u2069').length)`)
}

describe('in the run', () => {
  test('a key without a focused request points at the one that waits', async () => {
    const [approval] = await waiting('git push --force')
    const page = await open(`/runs/${approval?.runId}`)
    await page.getByRole('button', { name: 'Allow once' }).waitFor()
    await page.keyboard.press('Home')
    await page.locator('article:focus[aria-label^="You:"]').waitFor()
    await page.keyboard.press('d')
    await page.locator('article:focus[aria-label^="Waiting for you"]').waitFor()
    expect(await listed('pending')).toHaveLength(1)
    await page.locator('[data-settled]').waitFor()
    await hold(page, 'a', 10)
    await expect.poll(async () => subjects(await listed('approved'))).toEqual(['git push --force'])
    await page.getByRole('button', { name: /^Undo/ }).click()
    await page.getByRole('button', { name: 'Allow once' }).waitFor()
    expect(await listed('pending')).toHaveLength(1)
  })
})

describe('with the thumb', () => {
  test('the list has no Allow; the next one opens; the rest is a sheet', async () => {
    await waiting('one', 'two', 'three')
    const page = await open('/approvals', phone)
    await page
      .getByRole('link', { name: /wants to run/ })
      .first()
      .waitFor()
    expect(await page.getByRole('button', { name: 'Allow once' }).count()).toBe(0)
    await page
      .getByRole('link', { name: /wants to run/ })
      .nth(1)
      .tap()
    await page.getByRole('heading', { name: '2 of 3' }).waitFor()
    await settled(page, 'two')
    await page.getByRole('button', { name: 'Allow once' }).tap()
    await settled(page, 'three')
    expect(subjects(await listed('approved'))).toEqual(['two'])
    await page.getByRole('button', { name: 'Other answers' }).tap()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('button', { name: /^Deny with a reason/ }).tap()
    await page.getByRole('textbox', { name: 'Reason' }).fill('not now')
    await page.getByRole('dialog').getByRole('button', { name: 'Deny', exact: true }).tap()
    await settled(page, 'one')
    expect(await listed('denied')).toMatchObject([{ subject: 'three', denyReason: 'not now' }])
  })

  test('what is longer than the screen is allowed once its end was in view', async () => {
    const long = Array.from({ length: 90 }, (_, i) => `echo ${i}`).join('\n')
    const [approval] = await waiting(`${long}\nrm -rf /`)
    const page = await open(`/approvals/${approval?.id}`, phone)
    const allow = page.getByRole('button', { name: 'Allow once' })
    await page.getByText('Read it to its end first').waitFor()
    await page.locator('[data-settled]').waitFor()
    await allow.dispatchEvent('click')
    expect(await listed('pending')).toHaveLength(1)
    await page.evaluate(`document.querySelector('section[data-request]').scrollTo(0, 1e6)`)
    await page.getByText('Read it to its end first').waitFor({ state: 'hidden' })
    await allow.tap()
    await expect.poll(async () => (await listed('pending')).length).toBe(0)
  })

  test.each([
    { width: 390, height: 844 },
    { width: 320, height: 256 },
    { width: 1024, height: 700 }
  ])('nothing is cut or scrolls sideways at $width × $height', async viewport => {
    const [approval] = await waiting(`curl https://example.test/${'a'.repeat(300)} --data ${'b '.repeat(200)}`)
    const page = await open('/approvals', { viewport })
    for (const path of ['/approvals', `/approvals/${approval?.id}`]) {
      await page.goto(app.url + path)
      await page
        .getByText(/wants to run/)
        .first()
        .waitFor()
      const wide = await page.evaluate<string[]>(
        `[...document.querySelectorAll('html, main, main *')].filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible' && getComputedStyle(one).textOverflow !== 'ellipsis' && !one.closest('pre, .truncate, .hidden-label')).map(one => one.outerHTML.slice(0, 120))`
      )
      expect(wide, path).toEqual([])
    }
  })
})

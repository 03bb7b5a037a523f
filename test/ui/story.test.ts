import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { launchBrowser, openWindow, signIn, type Window } from '../kit/browser.ts'
import { needs } from '../kit/needs.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let window: Window

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

beforeEach(async () => {
  app = await startApp({ runner: true })
  window = await openWindow(browser)
  await expect.poll(async () => (await app.call(listRunners)).data[0]?.status, { timeout: 15_000 }).toBe('online')
})
afterEach(async () => {
  await window.close()
  await app.close()
})

const isFocused = (element: { matches(selector: string): boolean }) => element.matches(':focus')

describe('the main job with the practice agent', () => {
  test('by mouse: sign in, start, allow, follow up, run again', async () => {
    const { page, faults } = window
    await page.goto(app.url)
    await page.getByRole('heading', { name: 'Open your sign-in link' }).waitFor()
    await signIn(app, window)
    expect(new URL(page.url()).search).toBe('')

    await page.getByRole('heading', { name: 'Start your first agent' }).waitFor()
    await page.getByText('Practice agent', { exact: true }).click()
    await page.getByText('Not an AI').waitFor()
    await page.getByRole('button', { name: 'write hello.txt: Hello' }).click()
    await page.getByRole('button', { name: 'Start run' }).click()

    const request = page.getByRole('group', { name: 'first-agent wants to write a file' })
    await request.getByText('hello.txt').waitFor()
    await page.locator('header').getByText('Waiting for you', { exact: true }).waitFor()
    await request.getByRole('button', { name: 'Allow once' }).click()
    await page
      .getByRole('article', { name: /^Write, hello.txt/ })
      .getByText('allowed by you')
      .waitFor()
    await page.getByRole('article', { name: /^Done in/ }).waitFor()
    await page.getByLabel('Run facts').getByText('hello.txt').waitFor()

    await page.getByRole('textbox', { name: 'Follow-up' }).fill('read hello.txt')
    await page.getByRole('button', { name: 'Follow up' }).click()
    await page.getByRole('article', { name: /^Read, hello.txt, 1 line/ }).waitFor()
    await expect.poll(() => page.getByRole('article', { name: /^Done in/ }).count()).toBe(2)
    const chips = page.getByRole('navigation', { name: 'Runs of this session' }).getByRole('link')
    expect(await chips.allInnerTexts()).toEqual(['#1 write hello.txt: Hello', '#2 read hello.txt'])

    await page.getByRole('button', { name: 'Run again' }).click()
    await page.getByRole('heading', { level: 1, name: '#3 read hello.txt' }).waitFor()
    await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
    await page.getByRole('grid', { name: 'Runs' }).waitFor()
    expect(await page.getByRole('row', { name: /#\d/ }).count()).toBe(3)
    expect(faults).toEqual([])
  })

  test('by keyboard alone: start, read, approve, follow up, deny with a reason, stop', async () => {
    const { page, faults } = window
    await signIn(app, window, '/runs')
    await page.getByRole('heading', { name: 'Start your first run' }).waitFor()
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }

    await press('n')
    await page.getByRole('heading', { name: 'New run' }).waitFor()
    await page.locator('textarea:focus').waitFor()
    await page.keyboard.type('write a.txt: one')
    const practice = page.getByRole('radio', { name: /Practice agent/ })
    const group = await practice.getAttribute('name')
    const focused = page.locator(':focus')
    for (let i = 0; i < 20 && (await focused.getAttribute('name')) !== group; i++) await press('Tab')
    for (let i = 0; i < 5 && !(await practice.isChecked()); i++) await press('ArrowDown')
    expect(await practice.isChecked()).toBe(true)
    for (let i = 0; i < 20 && !(await page.getByRole('button', { name: 'Start run' }).evaluate(isFocused)); i++)
      await press('Shift+Tab')
    await press('Enter')

    await page.getByRole('group', { name: 'The agent wants to write a file' }).waitFor()
    await press('a')
    await page.locator('article:focus[aria-label^="Waiting for you"]').waitFor()
    expect(await page.getByText('allowed by').count()).toBe(0)
    await press('Home')
    await page.locator('article:focus[aria-label^="You: write a.txt"]').waitFor()
    await press('End')
    await page.locator('article:focus[aria-label^="Waiting for you"] [data-settled]').waitFor()
    await press('a')
    await page
      .getByRole('article', { name: /^Write, a.txt/ })
      .getByText('allowed by you')
      .waitFor()
    await page.getByRole('article', { name: /^Done/ }).waitFor()

    await press('f')
    await page.keyboard.type('write c.txt: three')
    await press('Control+Enter')
    await page.getByRole('group', { name: 'The agent wants to write a file' }).waitFor()
    await press('Escape', 'End')
    await page.locator('article:focus[aria-label^="Waiting for you"] [data-settled]').waitFor()
    await press('d')
    await page.keyboard.type('use b.txt')
    await press('Enter')
    await page.getByRole('article', { name: 'Write, c.txt, denied' }).waitFor()
    await page.getByText('“use b.txt”').waitFor()
    await page.getByRole('textbox', { name: 'Follow-up' }).waitFor()

    await press('Escape', 'f')
    await page.keyboard.type('wait 60')
    await press('Control+Enter')
    await page.getByRole('button', { name: 'Stop run' }).waitFor()
    await page.getByRole('article', { name: /^You: wait 60/ }).waitFor()
    await press('Control+.')
    await page.getByRole('article', { name: /^Cancelled/ }).waitFor({ timeout: 20_000 })

    await press('Escape', '?')
    const help = page.getByRole('dialog', { name: 'Keys of this page' })
    await help.getByText('Run again').waitFor()
    await press('Escape')
    await help.waitFor({ state: 'hidden' })
    await press('g', 'r')
    await page.getByRole('grid', { name: 'Runs' }).waitFor()
    await press('j', 'j', 'j', 'Enter')
    await page.getByRole('heading', { level: 1, name: '#1 write a.txt: one' }).waitFor()
    expect(faults).toEqual([])
  })
})

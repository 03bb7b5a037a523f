import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { createBudget, deleteBudget, listBudgets } from '#contract/money/budgets'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { work } from '../kit/work.ts'

const test = needs('chromium')
const hostile = `Ж${'长'.repeat(61)}\u202eb`

let browser: Browser
let app: App
let runner: RunnerClient
let window: Window
let ada = ''

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp()
  runner = await connectRunner(app)
  ada = (await app.call(createAgent, { body: { name: 'Ada' } })).id
  const other = (await app.call(createAgent, { body: { name: hostile } })).id
  await work(app, runner, ada, { model: 'claude-opus-5', costUsd: 4, tokens: 1000 })
  await work(app, runner, other, { model: 'claude-haiku-4-5', costUsd: 1, tokens: 500 })
  await work(app, runner, other, { model: 'claude-haiku-4-5', costUsd: 0.5, tokens: 500, outcome: 'FAILED' })
})
beforeEach(async () => {
  for (const { id } of await budgets()) await app.call(deleteBudget, { params: { id } })
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

async function open(path = '/usage', width = 1440, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  window = await openWindow(browser, { viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' })
  await signIn(app, window, path)
  await window.page.getByRole('region', { name: 'Figures' }).waitFor()
  await window.page.getByRole('region', { name: 'By agent' }).waitFor()
  return window.page
}

const close = async () => {
  expect(window.faults).toEqual([])
  await window.close()
}
const budgets = async () => (await app.call(listBudgets)).data
const today = () => new Date().toISOString().slice(0, 10)

test('figures, bars and tables say what was spent; a run that ends is in them without a reload', async () => {
  const page = await open()
  const figures = page.getByRole('region', { name: 'Figures' })
  await figures.getByText('$5.50').waitFor()
  await figures.getByText('66.7% done, 1 failed').waitFor()
  await page
    .getByRole('region', { name: 'By model' })
    .getByRole('row', { name: /claude-haiku-4-5/ })
    .waitFor()
  await work(app, runner, ada, { model: 'claude-opus-5', costUsd: 2, tokens: 1000 })
  await figures.getByText('$7.50').waitFor()
  await close()
})

test('a day that is chosen, by mouse or by keys, is what the tables show; it stands in the address', async () => {
  const page = await open()
  const bar = page.getByRole('group', { name: /^Days/ }).getByRole('button', { name: /claude-opus-5/ })
  await bar.hover()
  await bar.click()
  await page.waitForURL(url => url.searchParams.get('day') === today())
  await page.getByRole('link', { name: /Show all days/ }).click()
  await page.waitForURL(url => url.searchParams.get('day') === null)
  await page.getByRole('group', { name: /^Days/ }).getByRole('button').first().focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.waitForURL(url => url.searchParams.get('day') !== null)
  await page.goBack()
  await page.waitForURL(url => url.searchParams.get('day') === null)
  await close()
})

test('the chart is a table too, by model or agent, and one agent can be shown alone', async () => {
  const page = await open('/usage?view=table&split=agent')
  await page
    .getByRole('region', { name: 'Spend per day as a table' })
    .getByRole('columnheader', { name: 'Ada' })
    .waitFor()
  await page.getByRole('link', { name: 'Show Ada alone' }).click()
  await page.waitForURL(url => url.searchParams.get('agent') === ada)
  await expect.poll(() => page.getByRole('region', { name: 'By agent' }).getByRole('row').count()).toBe(2)
  await close()
})

test('the export is the table of the days that are shown', async () => {
  const page = await open('/usage?period=day')
  const begun = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export CSV' }).click()
  expect((await begun).suggestedFilename()).toBe(`flotilla-costs-${today()}-to-${today()}.csv`)
  await close()
})

test('a budget is made, changed and deleted here by keys alone, and says what it will do', async () => {
  const page = await open()
  await page.getByRole('button', { name: 'New budget' }).focus()
  await page.keyboard.press('Enter')
  const form = page.getByRole('dialog', { name: 'New budget' })
  await form.getByText('running ones that go past it are stopped').waitFor()
  await form.getByText(/Runtimes that cost nothing/).waitFor()
  await form.getByRole('button', { name: 'Make budget' }).press('Enter')
  await form.getByText('A number above 0, such as 40 or 2.50').waitFor()
  await page.keyboard.type('100')
  await page.keyboard.press('Enter')
  await page.getByText('Whole fleet, month').waitFor()
  expect(await budgets()).toMatchObject([{ amount: 100, unit: 'usd', period: 'month', action: 'stop' }])
  await page.getByRole('button', { name: 'Change the budget: Whole fleet, month' }).press('Enter')
  await page.getByRole('radio', { name: /^Warn/ }).check()
  await page.getByLabel('Limit, in dollars').fill('8')
  await page.keyboard.press('Enter')
  await page.getByRole('listitem').filter({ hasText: 'Whole fleet, month' }).getByText('$8').waitFor()
  expect(await budgets()).toMatchObject([{ amount: 8, action: 'warn' }])
  await page.getByRole('button', { name: 'Delete the budget: Whole fleet, month' }).press('Enter')
  await page.getByRole('button', { name: 'Delete budget' }).press('Enter')
  await page.getByText('No budget limits what is spent.', { exact: false }).waitFor()
  expect(await budgets()).toEqual([])
  await app.call(createBudget, { body: { agentId: ada, amount: 3, period: 'day', action: 'pause' } })
  await page
    .getByText(/Ada.+, day$/)
    .first()
    .waitFor()
  await close()
})

for (const theme of lookedThemes)
  for (const width of [1440, 390, 320].filter(width => isLooked(theme, width)))
    test(`${theme}, ${width} px: axe finds nothing and nothing scrolls sideways`, async () => {
      const page = await open(width === 1440 ? '/usage' : '/usage?view=table', width, theme)
      await page.waitForLoadState('networkidle')
      expect(await violationsOf(window)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      expect(await page.evaluate(`document.querySelector('#main').scrollWidth <= innerWidth`)).toBe(true)
      await page.goto(`${app.url}/usage`)
      await page.getByRole('group', { name: /^Days/ }).waitFor()
      expect(await violationsOf(window)).toEqual([])
      await close()
    })

test('days without a run, and an agent that is not there, are said in words', async () => {
  const page = await open('/usage?from=2020-01-01&to=2020-01-31')
  await page.getByText('Nothing ran from 1 to 31 Jan 2020').waitFor()
  await page.goto(`${app.url}/usage?agent=nobody`)
  await page.getByText('The usage could not be read').waitFor()
  await page.getByRole('link', { name: 'Show the whole fleet' }).click()
  await page.getByRole('region', { name: 'Figures' }).waitFor()
  await close()
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { type Agent, createAgent } from '#contract/fleet/agents'
import { listSecrets, setSecret } from '#contract/fleet/secrets'
import { createBudget, listBudgets } from '#contract/money/budgets'
import { changeUser } from '#contract/people/users'
import { sendMessage } from '#contract/work/messages'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { needs } from '../kit/needs.ts'
import { join, tokenOf } from '../kit/people.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'
import { work } from '../kit/work.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let runner: RunnerClient
let window: Window
let ada: Agent

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp()
  runner = await connectRunner(app)
  ada = await app.call(createAgent, { body: { name: 'Ada', runtime: 'claude-code', tags: ['api'] } })
  const other = await app.call(createAgent, { body: { name: 'Other', runtime: 'practice' } })
  await work(app, runner, ada.id, { model: 'claude-opus-5', costUsd: 4, tokens: 1000 })
  await work(app, runner, other.id, { model: 'claude-haiku-4-5', costUsd: 1, tokens: 500 })
  await app.call(sendMessage, { body: { to: ada.id, text: 'Keep the loader as it is' } })
  await app.call(sendMessage, { body: { to: other.id, text: 'Not for Ada' } })
  await app.call(setSecret, { body: { key: 'REGISTRY_TOKEN', value: 'of the whole fleet' } })
  await app.call(createBudget, { body: { agentId: ada.id, amount: 10, period: 'day', action: 'warn' } })
  await app.call(createBudget, { body: { amount: 100, period: 'month' } })
})
afterEach(async () => {
  expect(window.faults).toEqual([])
  await window.close()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

async function open(path: string, width = 1440, token?: string): Promise<Page> {
  window = await openWindow(browser, { viewport: { width, height: 900 }, reducedMotion: 'reduce' })
  await signIn(app, window, path, token)
  await window.page.getByRole('tablist', { name: 'Of this agent' }).waitFor()
  return window.page
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true })

test('what it sent and got is a tab that arrows lead to; a message is read, and one written to it', async () => {
  const page = await open(`/fleet/${ada.id}?tab=sessions`)
  await tab(page, 'Sessions').press('ArrowRight')
  await page.waitForURL(/tab=messages/)
  await page.getByText('Keep the loader as it is').waitFor()
  expect(await page.getByText('Not for Ada').count()).toBe(0)
  await page
    .getByRole('grid', { name: 'Messages' })
    .getByRole('link', { name: /Keep the loader/ })
    .click()
  const panel = page.getByRole('complementary', { name: 'Message' })
  await panel.getByRole('textbox', { name: /^Reply to/ }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/fleet/${ada.id}`)
  await panel.getByRole('button', { name: 'Close' }).click()
  await page.keyboard.press('n')
  await panel.getByRole('heading', { name: 'Send a message to' }).waitFor()
  await panel.getByRole('textbox', { name: 'Text' }).fill('It may go')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('grid', { name: 'Messages' }).getByText('It may go').waitFor()
  await page.getByRole('searchbox', { name: /^Search messages/ }).fill('nothing of this')
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await page.waitForURL(url => url.search === '?tab=messages')
})

test('the secrets that reach it: its own takes the place of that of the fleet, and is added, replaced and deleted here', async () => {
  const page = await open(`/fleet/${ada.id}?tab=secrets`)
  const rows = page.getByRole('list', { name: 'Secrets' }).getByRole('listitem')
  await rows.filter({ hasText: 'Whole fleet' }).getByText('hidden').waitFor()
  await page.getByRole('button', { name: 'Give it a REGISTRY_TOKEN of its own' }).click()
  const form = page.getByRole('dialog', { name: /^New secret of/ })
  await form.getByLabel('Value').fill('of Ada alone')
  await form.getByRole('button', { name: 'Save' }).click()
  await rows.getByText('Scope: Its own').waitFor()
  await rows.getByText('not given: its own takes its place').waitFor()
  const { data } = await app.call(listSecrets, { query: { scope: 'agent', agentId: ada.id } })
  expect(data.map(({ key }) => key)).toEqual(['REGISTRY_TOKEN'])
  expect(await page.getByText('of Ada alone').count()).toBe(0)
  await page.getByRole('button', { name: 'Delete REGISTRY_TOKEN' }).click()
  const asked = page.getByRole('dialog', { name: 'Delete REGISTRY_TOKEN?' })
  await asked.getByText('get that of the whole fleet again').waitFor()
  await asked.getByRole('button', { name: 'Delete' }).click()
  await rows.getByText('Scope: Its own').waitFor({ state: 'detached' })
})

test('its usage: its figures, days and tables alone, by runtime too, and budgets that are its own', async () => {
  const page = await open(`/fleet/${ada.id}?tab=usage`)
  await page.getByRole('region', { name: 'Figures' }).getByText('$4.00').first().waitFor()
  await page.getByRole('link', { name: 'By runtime' }).click()
  await page.waitForURL(/split=runtime/)
  await page.getByRole('region', { name: 'Spend per day' }).getByText('Claude Code').waitFor()
  expect(await page.getByRole('link', { name: 'By agent' }).count()).toBe(0)
  await page.getByRole('link', { name: 'Table', exact: true }).click()
  const table = page.getByRole('region', { name: 'Spend per day as a table' })
  await table.getByRole('columnheader', { name: 'Claude Code' }).waitFor()
  await page.getByRole('region', { name: 'By runtime' }).getByRole('link', { name: 'Show Claude Code alone' }).click()
  await page.getByRole('link', { name: 'One runtime alone. Show all runtimes' }).click()
  await page.waitForURL(url => !url.searchParams.has('runtime') && url.searchParams.get('tab') === 'usage')
  const budgets = page.getByRole('region', { name: 'Budgets' })
  expect(await budgets.getByRole('listitem').count()).toBe(1)
  await budgets.getByRole('button', { name: 'New budget' }).click()
  await page.getByLabel('Limit, in dollars').fill('50')
  await page.keyboard.press('Enter')
  await expect.poll(() => budgets.getByRole('listitem').count()).toBe(2)
  expect((await app.call(listBudgets, { query: { agentId: ada.id } })).data.map(one => one.amount)).toEqual([50, 10])
})

test('who may only look changes nothing in them; nothing scrolls sideways and axe finds nothing, down to 320 px', async () => {
  const person = await join(app, 'member')
  const own = await app.call(createAgent, { body: { name: 'Mine', runtime: 'claude-code' } }, person.token)
  await work(app, runner, own.id, { model: `a-model-${'x'.repeat(60)}`, costUsd: 1, tokens: 10 })
  await app.call(sendMessage, { body: { to: own.id, text: `Mind ${'x'.repeat(200)}` } })
  await app.call(changeUser, { params: { id: person.id }, body: { role: 'viewer' } })
  const page = await open(`/fleet/${own.id}?tab=secrets`, 320, await tokenOf(app, person))
  await page.getByText('You can look; to change them takes the role of a member.').waitFor()
  for (const [name, shown] of [
    ['secrets', page.getByRole('list', { name: 'Secrets' })],
    ['messages', page.getByText(/Mind x/)],
    ['usage', page.getByRole('region', { name: 'By runtime' })]
  ] as const) {
    await page.goto(`${app.url}/fleet/${own.id}?tab=${name}`)
    await shown.waitFor()
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
    expect(await violationsOf(window)).toEqual([])
    for (const button of ['Send a message', 'New secret', 'New budget'])
      expect(
        await page
          .getByRole('button', { name: button })
          .or(page.getByRole('link', { name: button }))
          .count()
      ).toBe(0)
  }
})

test('an agent is found by its tag, and so are its runs, in the address of each list', async () => {
  const page = await open(`/fleet/${ada.id}`)
  await page.goto(`${app.url}/fleet`)
  await page.getByRole('button', { name: 'Tag' }).click()
  await page.getByRole('menuitem', { name: 'api' }).click()
  await page.waitForURL(url => url.searchParams.get('tag') === 'api')
  await page.getByRole('link', { name: 'Other' }).waitFor({ state: 'detached' })
  await page.goto(`${app.url}/runs?tag=api`)
  await page.getByRole('button', { name: /^Tag: .*api.*Leave it out$/ }).waitFor()
  await expect.poll(() => page.getByRole('row', { name: /#\d/ }).count()).toBe(1)
})

import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { type Agent, createAgent } from '#contract/fleet/agents'
import { changeUser } from '#contract/people/users'
import { listFlowRuns } from '#contract/work/flow-runs'
import { changeFlow, createFlow, deleteFlow, type Flow, getFlow, listFlows } from '#contract/work/flows'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { join, tokenOf } from '../kit/people.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let nova: Agent
let windows: Window[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true, undoMs: 0 })
  nova = await app.call(createAgent, { body: { name: 'nova', runtime: 'practice' } })
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})
afterEach(async () => {
  for (const window of windows) {
    expect(window.faults).toEqual([])
    await window.close()
  }
  windows = []
  const { data } = await app.call(listFlows)
  // One that runs is not deleted; it is no flow of the next test either way.
  for (const { id } of data) await app.call(changeFlow, { params: { id }, body: { status: 'archived' } })
})

async function open(path: string, options: BrowserContextOptions = {}, token?: string): Promise<Window> {
  const window = await openWindow(browser, { timezoneId: 'Europe/Berlin', ...options })
  windows.push(window)
  await signIn(app, window, path, token)
  await window.page.getByRole('heading', { level: 1 }).waitFor()
  return window
}

const make = (more: Record<string, unknown> = {}): Promise<Flow> =>
  app.call(createFlow, { body: { title: 'Sweep', prompt: 'list', agentId: nova.id, ...more } })
const ended = async ({ id }: Flow) =>
  (await app.call(listFlowRuns, { params: { id } })).data.map(({ status }) => status)

test('one is made in the form: what is wrong is said where it is, what is typed survives a reload, and then it starts', async () => {
  const { page } = await open('/flows')
  await page.getByText('No flows yet').waitFor()
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Title' }).fill('Nightly sweep')
  await page.getByRole('button', { name: 'Create flow' }).click()
  await page.getByText('Say what the agent should do').waitFor()
  await page.getByRole('textbox', { name: 'Prompt' }).fill('list ')
  await page.getByRole('button', { name: 'Insert a variable' }).click()
  await page.getByRole('menuitem', { name: /last_run/ }).click()
  await page.getByRole('combobox', { name: 'Agent' }).selectOption(nova.id)
  await page.getByRole('button', { name: 'Add what starts it' }).click()
  await page.getByRole('menuitem', { name: /^At a time/ }).click()
  const words = page.getByRole('complementary', { name: 'In words' })
  await words.getByText('At 09:00, Monday through Friday (Europe/Berlin), nova starts by itself.').waitFor()
  await page.getByRole('button', { name: 'Saturday' }).click()
  const cron = page.getByRole('textbox', { name: 'or cron' })
  expect(await cron.inputValue()).toBe('0 9 * * 1-6')
  await cron.fill('0 9 31 2 *')
  await page.getByText(/never comes: there is no such day/).waitFor()
  await cron.fill('30 2 * 3,10 0')
  await page.reload()
  await expect.poll(() => cron.inputValue()).toBe('30 2 * 3,10 0')
  // Twice a year clocks are changed in such a night.
  await words
    .getByText(/^Clocks are changed before it: UTC\+[12] from here/)
    .first()
    .waitFor()
  expect(await words.getByRole('list', { name: 'Next five runs' }).getByRole('listitem').count()).toBe(5)
  await page.keyboard.press('Control+s')
  const panel = page.getByRole('complementary', { name: 'Flow' })
  await panel.getByText('Nightly sweep').waitFor()
  const [flow] = (await app.call(listFlows)).data
  expect(flow).toMatchObject({ status: 'active', prompt: 'list {{last_run}}', agentId: nova.id })
  expect(flow?.triggers).toMatchObject([{ cron: '30 2 * 3,10 0', timezone: 'Europe/Berlin' }])
  await page.getByRole('row').filter({ hasText: 'Nightly sweep' }).getByText('At 02:30').waitFor()
})

test('started by hand it tells what came of it; paused it says why it does not start; edited it keeps the rest', async () => {
  const flow = await make({ variables: { where: 'here' } })
  const { page } = await open('/flows')
  const row = page.getByRole('row').filter({ hasText: 'Sweep' })
  await row.waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'Flow' })
  await panel.getByText('It was never to start yet.').waitFor()
  await page.keyboard.press('r')
  const ticks = panel.getByRole('list', { name: 'Runs of this flow' }).getByRole('listitem')
  await expect.poll(() => ended(flow), { timeout: 30_000 }).toEqual(['completed'])
  await ticks.filter({ hasText: 'by hand' }).getByText('Done', { exact: true }).first().waitFor()
  await row.getByRole('img', { name: 'Last 1: 1 done; the latest done' }).waitFor()
  await panel.getByRole('button', { name: 'Pause' }).click()
  await panel.getByText('It is paused: resume it first').waitFor()
  await row.getByText('nova · Paused').waitFor()
  await page.keyboard.press('e')
  const title = page.getByRole('textbox', { name: 'Title' })
  await title.fill('Sweep it all')
  await page.getByText('Not saved yet').waitFor()
  await title.press('Control+s')
  await panel.getByText('Sweep it all').waitFor()
  expect(await app.call(getFlow, { params: { id: flow.id } })).toMatchObject({
    title: 'Sweep it all',
    status: 'paused',
    variables: { where: 'here' }
  })
  await page.getByRole('button', { name: 'More of this flow' }).click()
  await page.getByRole('menuitem', { name: /^Delete/ }).click()
  await page
    .getByRole('dialog')
    .getByText(/Its runs stay among all others/)
    .waitFor()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByText('No flows yet').waitFor()
})

test('one that asks first waits in the inbox, and starts when a person says so; what comes up stands there', async () => {
  const schedule = { type: 'schedule', cron: '0 9 * * 1', timezone: 'UTC' }
  const flow = await make({ title: 'Release sweep', mode: 'always_ask', triggers: [schedule] })
  const { page } = await open(`/flows/${flow.id}`)
  await page.getByRole('button', { name: 'Run now' }).click()
  await page.waitForURL(/\/approvals\//)
  await page.getByRole('heading', { name: /^Release sweep wants to start/ }).waitFor()
  const coming = page.getByRole('region', { name: /^Coming up/ })
  await coming.getByRole('link', { name: /Release sweep/ }).waitFor()
  await page.getByRole('button', { name: 'Start it' }).click()
  await expect.poll(() => ended(flow), { timeout: 30_000 }).toEqual(['completed'])
  await coming.getByRole('link', { name: /Release sweep/ }).click()
  await page.getByRole('list', { name: 'Runs of this flow' }).getByText('by hand').waitFor()
})

test('the secret of a webhook is shown once; who may only look sees what is theirs, and no way to change it', async () => {
  const flow = await make({ triggers: [{ type: 'webhook' }] })
  const { page } = await open('/flows')
  // What cannot start says so in the list.
  await page
    .getByRole('row')
    .filter({ hasText: 'Sweep' })
    .getByText(/Cannot start: Its webhook has no secret/)
    .click()
  await page.getByRole('button', { name: 'Make its secret' }).click()
  await page.getByRole('button', { name: 'Make secret' }).click()
  const dialog = page.getByRole('dialog', { name: 'Secret of the webhook' })
  expect(await dialog.getByText(/^whsec_/).textContent()).toMatch(/^whsec_[\w+/]{43}=$/)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'New secret' }).waitFor()
  expect(await page.content()).not.toContain('whsec_')
  const person = await join(app, 'member')
  const own = await app.call(createAgent, { body: { name: 'own-tern' } }, person.token)
  const body = { title: 'My sweep', prompt: 'list', agentId: own.id }
  const theirs = await app.call(createFlow, { body }, person.token)
  await app.call(changeUser, { params: { id: person.id }, body: { role: 'viewer' } })
  const other = await open(`/flows/${theirs.id}`, {}, await tokenOf(app, person))
  await other.page
    .getByText(/may not launch runs any more/)
    .first()
    .waitFor()
  await other.page.getByRole('complementary').getByText('You may look, not change').waitFor()
  expect(await other.page.getByRole('button', { name: /^(Run now|Pause|More of this flow)$/ }).count()).toBe(0)
  expect(await other.page.getByRole('row').filter({ hasText: 'sweep' }).count()).toBe(1)
  await other.page.goto(`${app.url}/flows/${flow.id}`)
  await other.page.getByText('There is no such flow').waitFor()
})

describe.each(lookedThemes)('axe finds nothing in the %s theme', colorScheme => {
  test.each([1440, 390].filter(width => isLooked(colorScheme, width)))('at %i px', async width => {
    const source = await make({ title: `\u202eyek ${'x'.repeat(190)}` })
    const triggers = [
      { type: 'schedule', cron: '0 9 * * 1-5' },
      { type: 'webhook' },
      { type: 'flow', flowId: source.id },
      { type: 'change', watched: { type: 'file', path: 'a.csv' }, folder: '/srv/data' }
    ]
    const check = { type: 'command', program: 'git', args: ['diff', '--quiet'] }
    const flow = await make({ title: 'Everything', triggers, mode: 'always_ask', overlap: 'parallel', preCheck: check })
    const window = await open(`/flows?search=${flow.title}`, { colorScheme, viewport: { width, height: 844 } })
    // At 1440 px the list stands beside what is open.
    const list = width === 390 ? ['/flows'] : []
    for (const path of [...list, `/flows/${flow.id}`, `/flows/${flow.id}/edit`]) {
      await window.page.goto(app.url + path)
      await window.page.getByText('Everything').or(window.page.getByLabel('Title')).first().waitFor()
      await window.page.waitForLoadState('networkidle')
      expect(await violationsOf(window), path).toEqual([])
      for (const narrower of width === 390 ? [390, 320] : [1440, 1024]) {
        await window.page.setViewportSize({ width: narrower, height: 844 })
        expect(await window.page.locator('html').evaluate(element => element.scrollWidth), path).toBe(narrower)
      }
      await window.page.setViewportSize({ width, height: 844 })
    }
    for (const { id } of [flow, source]) await app.call(deleteFlow, { params: { id } })
  })
})

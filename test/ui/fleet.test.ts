import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { archiveAgent, changeAgent, createAgent, executeAgent, getAgent, listAgents } from '#contract/fleet/agents'
import { listRuns } from '#contract/runs/runs'
import { changeTask, createEpic, createTask } from '#contract/work/tasks'
import { launchBrowser, openWindow, signIn, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { needs } from '../kit/needs.ts'
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
  app = await startApp({ runner: true })
})
afterEach(async () => {
  for (const window of windows) {
    expect(window.faults).toEqual([])
    await window.close()
  }
  windows = []
  await app.close()
})

async function open(path: string): Promise<Window> {
  const window = await openWindow(browser)
  windows.push(window)
  await signIn(app, window, path)
  return window
}

const make = (body: Record<string, unknown>) => app.call(createAgent, { body: { runtime: 'practice', ...body } })
async function groupBy(page: Window['page'], by: string): Promise<void> {
  await page.getByRole('button', { name: 'Grouped by' }).click()
  await page.getByRole('menuitem', { name: by }).click()
}
const execute = (id: string, prompt: string) => app.call(executeAgent, { params: { id }, body: { prompt } })

test('an agent is made with a name alone, works, is paused, archived and brought back by mouse', async () => {
  const { page } = await open('/fleet')
  await page.getByRole('heading', { name: 'Start your first agent' }).waitFor()
  await page.getByRole('link', { name: 'New agent' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('cart-heron')
  await page.getByText('Free', { exact: true }).waitFor()
  await page.getByRole('complementary', { name: 'In words' }).getByText('cart-heron').waitFor()
  await page.getByRole('combobox', { name: 'Runtime' }).selectOption('practice')
  await page.getByRole('button', { name: 'Create agent' }).click()
  await page.getByRole('heading', { level: 1, name: 'cart-heron' }).waitFor()
  await page.getByRole('textbox', { name: /^Prompt for/ }).fill('list')
  await page.getByRole('button', { name: 'Start run' }).click()
  await page.getByRole('region', { name: 'Recent runs' }).getByText('Done').waitFor()
  const [run] = (await app.call(listRuns)).data
  const [agent] = (await app.call(listAgents)).data
  expect([run?.input, run?.agentId, run?.runtime]).toEqual(['list', agent?.id, 'practice'])
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('It is paused and takes no work. Resume it first.').waitFor()
  expect((await app.call(getAgent, { params: { id: 'cart-heron' } })).status).toBe('paused')
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: /^Archive/ }).click()
  await page.getByText('It is archived and takes no work. Restore it first.').waitFor()
  expect((await app.call(getAgent, { params: { id: 'cart-heron' } })).status).toBe('archived')
  await page.getByRole('button', { name: /^Undo/ }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  expect((await app.call(getAgent, { params: { id: 'cart-heron' } })).status).toBe('idle')
})

test('the same by keys alone', async () => {
  await make({ name: 'api-kestrel' })
  const { page } = await open('/approvals')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('f')
  await page.getByRole('grid', { name: 'Agents' }).waitFor()
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Name' }).waitFor()
  await page.keyboard.type('test-marlin')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { level: 1, name: 'test-marlin' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('f')
  await page.getByRole('grid', { name: 'Agents' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('kestrel')
  await expect.poll(() => new URL(page.url()).search).toBe('?search=kestrel')
  await page.getByRole('link', { name: 'test-marlin' }).waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'test-marlin' }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  const second = await page.evaluate<string>('document.activeElement.textContent')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: second }).waitFor()
})

test('what runs, asks and fails shows on the open list as it happens', async () => {
  const scout = await make({ name: 'scout', team: 'Payments' })
  const { page } = await open('/fleet')
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })
  await row('scout').getByText('No run yet').waitFor()
  const run = await execute(scout.id, 'run rm -rf build')
  await row('scout').getByText('Wants to run rm -rf build').waitFor()
  await row('scout').getByRole('link', { name: 'Review what' }).waitFor()
  await page.getByRole('region', { name: 'Health of the fleet' }).getByText('oldest under 1 min').waitFor()
  await row('scout').getByRole('link', { name: 'Review what' }).click()
  await page.getByRole('button', { name: 'Deny' }).waitFor()
  await page.goBack()
  await row('scout').getByText('Waiting', { exact: true }).waitFor()
  await make({ name: 'late-arrival' })
  await row('late-arrival').getByText('No run yet').waitFor()
  await groupBy(page, 'Team')
  await page.getByRole('row').getByText('Payments', { exact: true }).waitFor()
  await app.call(archiveAgent, { params: { id: 'late-arrival' } })
  await row('late-arrival').waitFor({ state: 'detached' })
  await app.call(changeAgent, { params: { id: scout.id }, body: { name: 'scout-two' } })
  await row('scout-two').waitFor()
  await row('scout-two').hover()
  await row('scout-two').getByRole('button', { name: 'More about' }).click()
  await page.getByRole('menuitem', { name: /^Stop run/ }).click()
  await untilStatus(app, run.id, 'CANCELLED')
  await row('scout-two')
    .getByText(/^Stopped/)
    .waitFor()
})

test('settings are told to the API when they are saved; what others change meanwhile is kept', async () => {
  const agent = await make({ name: 'api-kestrel', team: 'Payments', tags: ['api'] })
  const { page } = await open(`/fleet/${agent.slug}?tab=config`)
  const field = (name: string) => page.getByRole('textbox', { name, exact: true })
  await field('Team').fill('Refunds')
  await field('Tokens a day').fill('many')
  await page.getByText('Something is not right yet.').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('A whole number above 0, or nothing').waitFor()
  await field('Tokens a day').fill('200,000')
  await page.getByText(/^Team and Token limits changed/).waitFor()
  await app.call(changeAgent, { params: { id: agent.id }, body: { description: 'Serves the refunds' } })
  await expect.poll(() => field('Description').inputValue()).toBe('Serves the refunds')
  await page.reload()
  await expect.poll(() => field('Team').inputValue()).toBe('Refunds')
  await page.keyboard.press('Control+s')
  await page.getByRole('region', { name: 'Unsaved changes' }).waitFor({ state: 'detached' })
  expect(await app.call(getAgent, { params: { id: agent.id } })).toMatchObject({
    team: 'Refunds',
    description: 'Serves the refunds',
    tags: ['api'],
    limits: { dailyTokenBudget: 200_000 }
  })
})

test('a name that is taken and an agent that is not there are said where they matter', async () => {
  await make({ name: 'api-kestrel' })
  const marlin = await make({ name: 'test-marlin' })
  const { page } = await open('/fleet/new')
  const name = page.getByRole('textbox', { name: 'Name' })
  await name.fill('api-kestrel')
  await page.getByText('Taken', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Create agent' }).click()
  await expect.poll(() => page.evaluate('document.activeElement.ariaInvalid')).toBe('true')
  expect((await app.call(listAgents)).data.length).toBe(2)
  await page.reload()
  await expect.poll(() => name.inputValue()).toBe('api-kestrel')
  await page.goto(`${app.url}/fleet/${marlin.id}?tab=config`)
  await page.getByRole('textbox', { name: 'Short name' }).fill('api-kestrel')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Is taken', { exact: true }).waitFor()
  await page.goto(`${app.url}/fleet/nobody`)
  await page.getByRole('heading', { name: 'There is no such agent' }).waitFor()
})

test('several are chosen by keys, in the list and in the grid, and changed together; it can be undone', async () => {
  const ids: string[] = []
  for (const name of ['flock-one', 'flock-two', 'flock-three'])
    ids.push((await app.call(createAgent, { body: { name, team: 'Flock' } })).id)
  const statuses = async () => {
    const agents = await Promise.all(ids.map(id => app.call(getAgent, { params: { id } })))
    return agents.map(agent => agent.status)
  }
  const { page } = await open('/fleet?search=flock&view=grid')
  await page.getByRole('link', { name: 'flock-one' }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('x')
  const bar = page.getByRole('region', { name: 'Selected agents' })
  await bar.getByText('2 selected').waitFor()
  await page.getByRole('link', { name: 'List' }).click()
  await bar.getByText('2 selected').waitFor()
  await page.getByRole('checkbox', { name: /flock-two/ }).check()
  await bar.getByText('3 selected').waitFor()
  await bar.getByRole('button', { name: 'Pause' }).click()
  await expect.poll(statuses).toEqual(['paused', 'paused', 'paused'])
  await page.getByRole('button', { name: /Undo/ }).click()
  await expect.poll(statuses).toEqual(['idle', 'idle', 'idle'])
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await bar.getByRole('button', { name: 'Tag…' }).click()
  await page.getByRole('textbox', { name: 'Tag' }).fill('night')
  await page.keyboard.press('Enter')
  await bar.waitFor({ state: 'detached' })
  const tagged = await Promise.all(ids.map(id => app.call(getAgent, { params: { id } })))
  expect(tagged.filter(agent => agent.tags.includes('night'))).toHaveLength(1)
  await groupBy(page, 'Place')
  await page.getByText('This computer').first().waitFor()
})

test('agents stand under the epics of their open tasks, one under each; what is changed elsewhere moves them', async () => {
  const billing = await app.call(createEpic, { body: { title: 'Billing' } })
  const refunds = await app.call(createEpic, { body: { title: 'Refunds' } })
  const both = await make({ name: 'in-both' })
  await make({ name: 'in-none' })
  const task = (epicId: string) =>
    app.call(createTask, { body: { title: 'x', input: 'list', assigneeId: both.id, epicId } })
  await task(billing.id)
  const second = await task(refunds.id)
  const { page } = await open('/fleet')
  await page.getByRole('grid', { name: 'Agents' }).waitFor()
  await page.getByRole('button', { name: 'Grouped by' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Epic' }).press('Enter')
  expect(new URL(page.url()).search).toBe('?group=epic')
  const rows = () => page.getByRole('row').evaluateAll(all => all.map(row => row.querySelector('b, a')?.textContent))
  const ordered = ['Billing', 'in-both', 'Refunds', 'in-both', 'No epic', 'in-none']
  await expect.poll(async () => (await rows()).filter(Boolean)).toEqual(ordered)
  for (const name of ['in-both', 'in-both', 'in-none']) {
    await page.keyboard.press('j')
    expect(await page.evaluate('document.activeElement.textContent')).toBe(name)
  }
  await app.call(changeTask, { params: { id: second.id }, body: { status: 'done' } })
  await expect.poll(async () => (await rows()).filter(Boolean)).toEqual(['Billing', 'in-both', 'No epic', 'in-none'])
})

test('the strip of twelve hours begins to fill as a run starts, without being asked again', async () => {
  const agent = await make({ name: 'busy-one' })
  const window = await openWindow(browser, { viewport: { width: 1440, height: 900 } })
  windows.push(window)
  await signIn(app, window)
  const { page } = window
  let asked = 0
  page.on('request', request => {
    if (request.url().endsWith('/api/v1/activity')) asked++
  })
  await page.goto(`${app.url}/fleet`)
  await page.getByRole('img', { name: 'Not busy in the last 12 hours' }).waitFor()
  const run = await execute(agent.id, 'run rm -rf build')
  await untilStatus(app, run.id, 'WAITING')
  await page.getByRole('img', { name: 'Busy for under 1 min in the last 12 hours' }).waitFor()
  expect(asked).toBe(1)
})

test('a fleet without agents can be explored with demo data, which says so and goes with one click', async () => {
  const { page } = await open('/fleet')
  await page.getByRole('button', { name: 'Explore with demo data' }).click()
  await page.getByRole('grid', { name: 'Agents' }).waitFor()
  await page.getByText('Demo data: agents, runs and costs are made up.').waitFor()
  await page.getByRole('row').filter({ hasText: 'release-pilot' }).getByText('Wants to run').waitFor()
  await page.goto(`${app.url}/tasks`)
  await page.getByText('Store refund responses by key').first().waitFor()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByText('Demo data removed').waitFor()
  await page.getByText('Store refund responses by key').waitFor({ state: 'detached' })
  await page.goto(`${app.url}/fleet`)
  await page.getByRole('heading', { name: 'Start your first agent' }).waitFor()
  expect((await app.call(listRuns)).pagination.total).toBe(0)
})

test('demo data is not offered where agents are archived', async () => {
  const agent = await make({ name: 'api-kestrel' })
  await app.call(archiveAgent, { params: { id: agent.id } })
  const { page } = await open('/fleet')
  await page.getByRole('heading', { name: 'All agents are archived' }).waitFor()
  expect(await page.getByRole('button', { name: 'Explore with demo data' }).count()).toBe(0)
  await page.getByRole('link', { name: 'Show archived agents' }).click()
  await page.getByRole('row').filter({ hasText: 'api-kestrel' }).waitFor()
})

test('the first run is three choices that end in an agent at work; what is refused is told and loses no words', async () => {
  const { page } = await open('/fleet')
  await page.getByText('Practice agent', { exact: true }).click()
  await page.getByText('A folder on this computer', { exact: true }).click()
  await page.getByRole('combobox', { name: 'Folder' }).fill('/not/there')
  await page.getByRole('textbox', { name: 'Prompt' }).fill('list')
  await page.getByRole('button', { name: 'Start run' }).click()
  await page.getByText(/^No runner may work in/).waitFor()
  expect((await app.call(listAgents)).data).toEqual([])
  await page.getByText('A private folder', { exact: true }).click()
  expect(await page.getByRole('textbox', { name: 'Prompt' }).inputValue()).toBe('list')
  await page.getByRole('button', { name: 'Start run' }).click()
  await page.getByRole('article', { name: /^Done in/ }).waitFor()
  const { data } = await app.call(listAgents)
  expect(data.map(({ name, runtime, cwd }) => [name, runtime, cwd])).toEqual([['first-agent', 'practice', null]])
  expect((await app.call(listRuns)).data.map(({ agentId }) => agentId)).toEqual([data[0]?.id])
})

test('a prompt takes another permission mode than its agent has', async () => {
  const agent = await make({ name: 'api-kestrel' })
  const { page } = await open(`/fleet/${agent.id}`)
  await page.getByRole('textbox', { name: /^Prompt for/ }).fill('list')
  await page.getByRole('button', { name: /^Permissions of the next run/ }).click()
  await page.getByRole('menuitem', { name: /^Accept edits/ }).click()
  await page.getByRole('button', { name: 'Start run' }).click()
  await expect.poll(async () => (await app.call(listRuns)).data.map(run => run.permissionMode)).toEqual(['acceptEdits'])
  expect((await app.call(getAgent, { params: { id: agent.id } })).permissionMode).toBe('default')
})

test('on a phone every filter is in view', async () => {
  await make({ name: 'api-kestrel' })
  const { page } = await open('/fleet')
  await page.setViewportSize({ width: 390, height: 844 })
  for (const control of [
    page.getByRole('searchbox', { name: /^Filter agents/ }),
    page.getByRole('button', { name: 'Status', exact: true }),
    page.getByRole('button', { name: /^Grouped by/ }),
    page.getByRole('link', { name: 'Grid' })
  ]) {
    const box = await control.boundingBox()
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(390)
    expect(box?.height).toBeGreaterThanOrEqual(40)
  }
})

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { changeTask, createEpic, createTask, getTask, listEpics, listTasks, type Task } from '#contract/work/tasks'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { addPerson } from '../kit/people.ts'
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
  // Nobody claims what is started: it stays queued.
  app = await startApp()
})
afterEach(async () => {
  for (const window of windows) {
    expect(window.faults).toEqual([])
    await window.close()
  }
  windows = []
  await app.close()
})

async function open(path: string, options: BrowserContextOptions = {}): Promise<Window> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await signIn(app, window, path)
  await window.page.getByRole('heading', { level: 1 }).waitFor()
  return window
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }
const make = (title: string, more: Record<string, unknown> = {}): Promise<Task> =>
  app.call(createTask, { body: { title, input: `Do: ${title}`, ...more } })
const column = (page: Page, name: string) => page.getByRole('region', { name: new RegExp(`^${name}, `) })
const card = (page: Page, title: string) => page.getByRole('listitem').filter({ hasText: title }).getByRole('link')
const statusOf = async (task: Task) => (await app.call(getTask, { params: { id: task.id } })).status
const focused = (page: Page) => page.evaluate<string>(`document.activeElement?.dataset.card ?? ''`)

test('several are chosen in the list by keys and by mouse, and changed together; it can be undone', async () => {
  const agent = await app.call(createAgent, { body: { name: 'api-kestrel' } })
  const tasks = [await make('First'), await make('Second'), await make('Third')]
  const all = () => Promise.all(tasks.map(task => app.call(getTask, { params: { id: task.id } })))
  const { page } = await open('/tasks?view=list')
  await page.getByRole('row', { name: /First/ }).getByRole('link').focus()
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('x')
  const bar = page.getByRole('region', { name: 'Selected tasks' })
  await bar.getByText('2 selected').waitFor()
  await page.getByRole('checkbox', { name: 'Select T-3' }).check()
  await bar.getByRole('button', { name: 'Assign' }).click()
  await page.getByRole('menuitem', { name: /api-kestrel/ }).click()
  await expect.poll(async () => (await all()).map(task => task.assigneeId)).toEqual(Array(3).fill(agent.id))
  await page.getByRole('button', { name: /Undo/ }).click()
  await expect.poll(async () => (await all()).map(task => task.assigneeId)).toEqual(Array(3).fill(null))
  await page.getByRole('checkbox', { name: 'Select T-2' }).check()
  await bar.getByRole('button', { name: 'Delete 1…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('row', { name: /Second/ }).waitFor({ state: 'detached' })
  await bar.waitFor({ state: 'detached' })
})

describe('the board', () => {
  test('shows every task in the column of its status, and what the API changes moves there', async () => {
    const refunds = await app.call(createEpic, { body: { title: 'Refunds 2.4' } })
    const first = await make('Reject refunds', { epicId: refunds.id, priority: 'high' })
    await make('Warm the cache')
    const { page } = await open('/tasks')
    await column(page, 'Pending').getByText('Reject refunds').waitFor()
    await app.call(changeTask, { params: { id: first.id }, body: { status: 'done' } })
    await column(page, 'Done').getByText('Reject refunds').waitFor()
    await page.getByText('1 of 1', { exact: true }).waitFor()
    await make('Came by the API')
    await column(page, 'Pending').getByText('Came by the API').waitFor()
  })

  test('a card is moved by keys alone: Space, arrows, Space; Escape leaves it; it keeps the focus', async () => {
    const task = await make('Rate-limit the key lookup')
    const { page } = await open('/tasks')
    await card(page, task.title).focus()
    await page.keyboard.press('Space')
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
    await column(page, 'Done').getByText(task.title).waitFor()
    await page.keyboard.press('Escape')
    await column(page, 'Pending').getByText(task.title).waitFor()
    expect([await statusOf(task), await focused(page)]).toEqual(['pending', task.id])
    await page.keyboard.press('Space')
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Space')
    await expect.poll(() => statusOf(task)).toBe('done')
    await column(page, 'Done').getByText(task.title).waitFor()
    await expect.poll(() => focused(page)).toBe(task.id)
    await page.keyboard.press('Control+z')
    await expect.poll(() => statusOf(task)).toBe('pending')
    await column(page, 'Pending').getByText(task.title).waitFor()
  })

  test('arrows walk from card to card, and Enter opens one; Escape closes it with the focus where it was', async () => {
    await make('One')
    const two = await make('Two')
    const done = await make('Three')
    await app.call(changeTask, { params: { id: done.id }, body: { status: 'done' } })
    const { page } = await open('/tasks')
    await column(page, 'Done').getByText('Three').waitFor()
    await card(page, 'One').focus()
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe(two.id)
    await page.keyboard.press('ArrowRight')
    expect(await focused(page)).toBe(done.id)
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: `Task T-${done.number}` }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page)).toBe(done.id)
    expect(new URL(page.url()).pathname).toBe('/tasks')
  })

  test('what is dragged to a column goes there', async () => {
    const task = await make('Drag me')
    const { page } = await open('/tasks')
    await card(page, task.title).dragTo(column(page, 'Failed'))
    await expect.poll(() => statusOf(task)).toBe('error')
    await column(page, 'Failed').getByText(task.title).waitFor()
  })

  test('a task that nobody is assigned to asks who does it, and is started then', async () => {
    const agent = await app.call(createAgent, { body: { name: 'api-kestrel' } })
    const task = await make('Start me')
    const { page } = await open('/tasks')
    await card(page, task.title).hover()
    await page.getByRole('button', { name: `Actions of T-${task.number}` }).click()
    await page.getByRole('menuitem', { name: /^Move to Running/ }).click()
    await page.getByRole('button', { name: 'Assign and start' }).click()
    const now = () => app.call(getTask, { params: { id: task.id } })
    await expect.poll(async () => (await now()).runId).not.toBeNull()
    expect((await now()).assigneeId).toBe(agent.id)
    await column(page, 'Pending').getByText('Queued').waitFor()
    await column(page, 'Pending').getByText('api-kestrel').waitFor()
  })

  test('filters lie in the address, for the board and the list alike', async () => {
    const epic = await app.call(createEpic, { body: { title: 'Docs' } })
    await make('Changelog & 100%', { epicId: epic.id })
    const other = await make('Sharding', { priority: 'high' })
    const { page } = await open('/tasks')
    await page.keyboard.press('/')
    await page.keyboard.type('100%')
    await expect.poll(() => page.url()).toContain('search=100%25')
    await page.getByText('Sharding').waitFor({ state: 'detached' })
    await page.getByText('Changelog & 100%').waitFor()
    await page.getByRole('button', { name: 'List', exact: true }).click()
    await page.getByRole('row', { name: /Changelog/ }).waitFor()
    await page.goto(`${app.url}/tasks?view=list&search=t-${other.number}`)
    await page.getByRole('row', { name: /Sharding/ }).waitFor()
    expect(await page.getByRole('row', { name: /Changelog/ }).count()).toBe(0)
    await page.goto(`${app.url}/tasks?priority=low`)
    await page.getByText('No task matches').waitFor()
    await page.getByRole('link', { name: 'Clear the filters' }).click()
    await page.getByRole('button', { name: /^Docs/ }).click()
    await page.getByText('Sharding').waitFor({ state: 'detached' })
    await page.getByText('Changelog & 100%').waitFor()
  })
})

describe('one task', () => {
  test('is made by keys alone; what is typed survives leaving and a reload', async () => {
    const { page } = await open('/tasks')
    await page.getByText('No tasks yet').waitFor()
    await page.keyboard.press('c')
    await page.getByRole('textbox', { name: 'Title' }).waitFor()
    await page.keyboard.type('Write the changelog')
    await page.reload()
    await expect.poll(() => page.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('Write the changelog')
    await page.getByRole('textbox', { name: 'Title' }).press('Control+Enter')
    await column(page, 'Pending').getByText('Write the changelog').waitFor()
    const { data } = await app.call(listTasks, { query: {} })
    expect(data.map(({ title, input }) => [title, input])).toEqual([['Write the changelog', 'Write the changelog']])
  })

  test('without a title is not made, and the field says so', async () => {
    const { page } = await open('/tasks/new')
    await page.getByRole('button', { name: 'Create task' }).click()
    await page.getByText('Say what is to be done').waitFor()
    expect(await page.evaluate(`document.activeElement?.tagName`)).toBe('INPUT')
  })

  test('is changed in its sheet: title, assignee, priority, epic, dependencies', async () => {
    const agent = await app.call(createAgent, { body: { name: 'docs-quill' } })
    const epic = await app.call(createEpic, { body: { title: 'Docs' } })
    const before = await make('First this')
    const task = await make('Then that')
    const { page } = await open(`/tasks/${task.id}`)
    await page.getByRole('textbox', { name: 'Title' }).fill('Then <b>that</b>')
    await page.getByRole('button', { name: 'Save' }).click()
    const sheet = page.getByRole('complementary')
    await sheet.getByLabel('Assignee').selectOption(agent.id)
    await sheet.getByLabel('Priority').selectOption('high')
    await sheet.getByLabel('Epic').selectOption(epic.id)
    await sheet.getByLabel('Another task that must be done first').selectOption(before.id)
    const now = () => app.call(getTask, { params: { id: task.id } })
    await expect.poll(async () => (await now()).blockedBy).toEqual([before.id])
    expect(await now()).toMatchObject({
      title: 'Then <b>that</b>',
      assigneeId: agent.id,
      priority: 'high',
      epicId: epic.id
    })
    await column(page, 'Pending').getByText('Waits for 1 other').waitFor()
    await page.getByRole('button', { name: `No longer depend on T-${before.number}` }).click()
    await expect.poll(async () => (await now()).blockedBy).toEqual([])
  })

  test('that is gone says so', async () => {
    const { page } = await open('/tasks/nowhere')
    await page.getByText('There is no task nowhere').waitFor()
    await page.getByRole('button', { name: 'Close' }).first().click()
    await page.getByText('No tasks yet').waitFor()
  })
})

test('an epic is made, renamed and deleted; its tasks stay', async () => {
  const { page } = await open('/tasks')
  await page.getByRole('button', { name: 'New epic' }).click()
  await page.getByRole('textbox', { name: 'Title' }).fill('Hardening')
  await page.getByRole('button', { name: 'Create epic' }).click()
  await page.getByRole('button', { name: /^Hardening/ }).waitFor()
  const [epic] = (await app.call(listEpics)).data
  await make('Rotate the key', { epicId: epic?.id })
  await page.getByRole('button', { name: /^Hardening/ }).click()
  await page.getByRole('button', { name: 'Actions of the epic' }).click()
  await page.getByRole('menuitem', { name: /^Delete epic/ }).click()
  await page.getByRole('button', { name: 'Delete epic' }).click()
  await expect.poll(async () => (await app.call(listEpics)).data).toEqual([])
  await column(page, 'Pending').getByText('Rotate the key').waitFor()
})

test('on a phone one column is shown at a time, and the menu of a card moves it', async () => {
  const task = await make('Profile the prefix query')
  const { page } = await open('/tasks', phone)
  await page.getByRole('tab', { name: /Pending/ }).tap()
  await page.getByText(task.title).waitFor()
  await page.getByRole('button', { name: `Actions of T-${task.number}` }).tap()
  await page.getByRole('menuitem', { name: /^Move to Done/ }).tap()
  await page.getByText('No task is pending.').waitFor()
  await page.getByRole('tab', { name: /Done/ }).tap()
  await page.getByText(task.title).waitFor()
  expect(await statusOf(task)).toBe('done')
})

test('who may only look sees why nothing can be made', async () => {
  const viewer = await addPerson(app, 'viewer')
  const window = await openWindow(browser)
  windows.push(window)
  const { page } = window
  const data = { email: viewer.email, password: viewer.password, as: 'cookie' }
  const answer = await page.request.post(`${app.url}/api/v1/auth/login`, { data, headers: { origin: app.url } })
  expect(answer.status()).toBe(200)
  await page.goto(`${app.url}/tasks/new`)
  await page.getByText('You may look, not change').first().waitFor()
  expect(await page.getByRole('button', { name: 'Create task' }).isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: 'New epic' }).count()).toBe(0)
})

describe.each(lookedThemes)('axe finds nothing in the %s theme', colorScheme => {
  test.each(
    (
      [
        [1440, '/tasks'],
        [1440, '/tasks?view=list'],
        [1440, '/tasks/new'],
        [1440, '/tasks/ID'],
        [390, '/tasks?column=pending'],
        [390, '/tasks/ID']
      ] as const
    ).filter(([width]) => isLooked(colorScheme, width))
  )('at %i px on %s', async (width, path) => {
    const epic = await app.call(createEpic, { body: { title: 'Hardening' } })
    const task = await make('Rotate \u202eyek the <i>key</i>', { epicId: epic.id, priority: 'high' })
    const failed = await make('x'.repeat(300))
    await app.call(changeTask, { params: { id: failed.id }, body: { status: 'error' } })
    const window = await open(path.replace('ID', task.id), { colorScheme, viewport: { width, height: 844 } })
    await window.page.getByText(`T-${task.number}`).first().waitFor()
    expect(await violationsOf(window)).toEqual([])
    expect(await window.page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  })
})

import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { createAgent, getAgent } from '#contract/fleet/agents'
import { getMe, login } from '#contract/people/login'
import { changeUser, createUser, getUser, listUsers } from '#contract/people/users'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { addPerson, join, tokenOf } from '../kit/people.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let windows: Window[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp()
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
})

async function open(options: BrowserContextOptions = {}, token?: string): Promise<Window> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await signIn(app, window, '/settings/people', token)
  await window.page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
  return window
}

const rowOf = ({ page }: Window, text: string) =>
  page.getByRole('list', { name: 'People' }).getByRole('listitem').filter({ hasText: text })

test('a person is added by keyboard, with a password that is shown once and lets them in', async () => {
  const window = await open()
  const { page } = window
  await page.getByRole('button', { name: 'Add a person' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Email' }).focus()
  await page.keyboard.type('sam@storefront.example')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Sam <b>Lindqvist</b> 宽')
  await dialog.getByRole('textbox', { name: 'First password' }).fill('short')
  await dialog.getByText('at least 8 characters').waitFor()
  await dialog.getByRole('button', { name: 'Make one up' }).click()
  await dialog.getByRole('textbox', { name: 'Email' }).press('Enter')
  const told = page.getByRole('dialog', { name: 'Tell them how to sign in' })
  const text = (await told.locator('pre').textContent()) ?? ''
  await told.getByRole('button', { name: 'Done' }).click()
  await rowOf(window, 'sam@storefront.example').getByText('Sam <b>Lindqvist</b> 宽').waitFor()
  const password = /Password: (.*)$/.exec(text)?.[1] ?? ''
  expect(await page.locator('body').textContent()).not.toContain(password)
  const answer = await app.call(login, { body: { email: 'sam@storefront.example', password, as: 'token' } })
  expect(answer).toMatchObject({ mfaRequired: false, user: { role: 'member' } })
})

test('an email that is taken is said at the field, with all that was typed', async () => {
  const { email } = await addPerson(app, 'member')
  const { page } = await open()
  await page.getByRole('button', { name: 'Add a person' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Email' }).fill(email)
  await dialog.getByRole('textbox', { name: 'Name' }).fill('A second one')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await dialog.getByText('is taken').waitFor()
  expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('A second one')
})

test('a role changes at once, ends the logins of the person, and can be taken back', async () => {
  const person = await join(app, 'viewer')
  const window = await open()
  const role = rowOf(window, person.email).getByRole('combobox', { name: /^Role of/ })
  await role.selectOption('Admin')
  await expect.poll(async () => (await app.call(getUser, { params: { id: person.id } })).role).toBe('admin')
  await window.page.getByText(/is admin now, and was signed out everywhere/).waitFor()
  await window.page.getByRole('button', { name: /^Undo/ }).click()
  await expect.poll(async () => (await app.call(getUser, { params: { id: person.id } })).role).toBe('viewer')
  await expect.poll(() => role.inputValue()).toBe('viewer')
  await app.call(changeUser, { params: { id: person.id }, body: { role: 'member' } })
  await expect.poll(() => role.inputValue()).toBe('member')
})

test('the only owner and oneself are fixed, with the reason; of two owners the other is not', async () => {
  const window = await open()
  const { user } = await app.call(getMe)
  const mine = rowOf(window, user.email)
  await mine.getByText('The only owner: make another one first').waitFor()
  expect(await mine.getByRole('combobox').count()).toBe(0)
  const second = await addPerson(app, 'owner')
  await mine.getByText(/Your own role is for another owner or admin to change/).waitFor()
  await rowOf(window, second.email).getByRole('combobox').waitFor()
  await mine.getByRole('button', { name: /^More for/ }).click()
  await window.page.getByText('You cannot remove yourself here').waitFor()
  expect(await window.page.getByRole('menuitem', { name: 'Remove' }).count()).toBe(0)
  const admin = await join(app, 'admin')
  const theirs = await open({}, admin.token)
  await rowOf(theirs, second.email).getByText('Only an owner can change an owner').waitFor()
  await app.call(changeUser, { params: { id: second.id }, body: { role: 'viewer' } })
})

test('whoever is removed is out at once, and their agents stay', async () => {
  const person = await join(app, 'member')
  const agent = await app.call(createAgent, { body: { name: 'left-behind' } }, person.token)
  const window = await open()
  await rowOf(window, person.email)
    .getByRole('button', { name: /^More for/ })
    .click()
  await window.page.getByRole('menuitem', { name: 'Remove' }).click()
  const dialog = window.page.getByRole('dialog')
  await dialog.getByText('Their agents become yours, and go on.').waitFor()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await rowOf(window, person.email).waitFor({ state: 'detached' })
  await expect(app.call(getMe, {}, person.token)).rejects.toThrow('401')
  expect((await app.call(getAgent, { params: { id: agent.id } })).name).toBe('left-behind')
})

test('one is renamed and given a new password, which ends their logins; where they are signed in is seen and ended', async () => {
  const person = await join(app, 'member')
  const window = await open()
  const row = rowOf(window, person.email)
  await row.getByRole('button', { name: /^More for/ }).click()
  await window.page.getByRole('menuitem', { name: 'Where they are signed in' }).click()
  const dialog = window.page.getByRole('dialog')
  await dialog.getByText('Token for native').waitFor()
  await dialog.getByRole('button', { name: /^End Token/ }).click()
  await dialog.getByText('Nowhere.').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(app.call(getMe, {}, person.token)).rejects.toThrow('401')
  await row.getByRole('button', { name: /^More for/ }).click()
  await window.page.getByRole('menuitem', { name: /^Edit/ }).click()
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Renamed')
  await dialog.getByRole('textbox', { name: 'New password' }).fill('quite another one')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await row.getByText('Renamed').waitFor()
  await tokenOf(app, { ...person, password: 'quite another one' })
})

test('what a script changes stands in the open page; a search stands in the address', async () => {
  const window = await open()
  const { page } = window
  await rowOf(window, 'you').waitFor()
  const made = await app.call(createUser, { body: { email: 'script@example.com', role: 'viewer' } })
  await rowOf(window, made.email).getByText('No password yet').waitFor()
  await page.getByRole('searchbox', { name: 'Find a person' }).fill('script@')
  await expect.poll(() => rowOf(window, '@').count()).toBe(1)
  expect(page.url()).toContain('search=script')
  await page.getByRole('searchbox', { name: 'Find a person' }).fill('nobody at all')
  await page.getByRole('heading', { name: 'Nobody matches' }).waitFor()
})

test('who does not run Flotilla is told so', async () => {
  const { page } = await open({}, (await join(app, 'member')).token)
  await page.getByRole('heading', { name: 'This is for those who run Flotilla' }).waitFor()
})

describe.each(lookedThemes)('in the %s theme', colorScheme => {
  test.each([1440, 390].filter(width => isLooked(colorScheme, width)))('axe finds nothing at %i px', async width => {
    const window = await open({ colorScheme, viewport: { width, height: 800 } })
    await rowOf(window, 'you').waitFor()
    expect(await violationsOf(window)).toEqual([])
    await window.page.getByRole('button', { name: 'Add a person' }).click()
    await window.page.getByRole('dialog').waitFor()
    expect(await violationsOf(window)).toEqual([])
  })
})

test('nothing scrolls sideways, and of many people some are shown at a time', async () => {
  await app.call(createUser, { body: { email: `${'w'.repeat(60)}@example.com`, name: '宽'.repeat(64) } })
  const { total } = (await app.call(listUsers, { query: { limit: 1 } })).pagination
  for (let n = total; n <= 60; n++) await app.call(createUser, { body: { email: `many${n}@example.com` } })
  const window = await open()
  await window.page.getByText('61 people').waitFor()
  await window.page.getByRole('button', { name: 'Show 1 more' }).click()
  await window.page.getByText('宽'.repeat(64)).waitFor()
  for (const width of [1440, 1024, 390, 320]) {
    await window.page.setViewportSize({ width, height: 800 })
    expect(await window.page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
  }
})

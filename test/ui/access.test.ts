import jsQR from 'jsqr'
import { generateSync } from 'otplib'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { getMe, listSessions, login } from '#contract/people/login'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { addPerson, join, type Person, tokenOf } from '../kit/people.ts'
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

async function open(token?: string, options: BrowserContextOptions = {}): Promise<Window> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await signIn(app, window, '/settings/access', token)
  await window.page.getByRole('region', { name: 'Two-step login' }).waitFor()
  return window
}

/** A browser that nobody is signed in with. */
async function stranger(options: BrowserContextOptions = {}): Promise<Window> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await window.page.goto(app.url)
  await window.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  return window
}

async function typePassword({ page }: Window, { email, password }: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.getByRole('textbox', { name: 'Email' }).fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.keyboard.press('Enter')
}

/** What a phone would show next; a step that was used is over. */
const codeOf = (secret: string, steps = 0) => generateSync({ secret, epoch: Date.now() / 1000 + steps * 30 })

async function scan({ page }: Window): Promise<string | undefined> {
  const svg = page.getByRole('img', { name: 'The code to scan' })
  const [path, size] = await Promise.all([
    svg.locator('path').last().getAttribute('d'),
    svg.evaluate(element => element.viewBox.baseVal.width)
  ])
  const scale = 4
  const pixels = new Uint8ClampedArray(size * size * scale * scale * 4).fill(255)
  for (const [, x, y] of (path ?? '').matchAll(/M(\d+) (\d+)/g))
    for (let dy = 0; dy < scale; dy++)
      for (let dx = 0; dx < scale; dx++) {
        const at = ((Number(y) * scale + dy) * size * scale + Number(x) * scale + dx) * 4
        pixels.fill(0, at, at + 3)
      }
  return jsQR(pixels, size * scale, size * scale)?.data
}

test('a first password turns login by email on; a new one asks for it and ends the other logins', async () => {
  const owner = await startApp()
  const window = await openWindow(browser)
  windows.push(window)
  const { page } = window
  await signIn(owner, window, '/settings/access')
  await page.getByText('Set a password first: without one there is no login by email to guard.').waitFor()
  await page.getByRole('textbox', { name: 'New password' }).fill('the first password')
  await page.keyboard.press('Enter')
  await page.getByText(/You can log in by/).waitFor()
  const { user } = await owner.call(getMe)
  const body = { email: user.email, password: 'the first password', as: 'token' } as const
  await owner.call(login, { body })
  await page.getByRole('textbox', { name: 'Password of now' }).fill('wrong')
  await page.getByRole('textbox', { name: 'New password' }).fill('the second password')
  await page.keyboard.press('Enter')
  await page.getByText('is missing or wrong').waitFor()
  expect(await page.getByRole('textbox', { name: 'New password' }).inputValue()).toBe('the second password')
  await page.getByRole('textbox', { name: 'Password of now' }).fill('the first password')
  await page.keyboard.press('Enter')
  await page.getByText('The password is changed. Your other logins ended.').waitFor()
  await owner.call(login, { body: { ...body, password: 'the second password' } })
  expect((await owner.call(listSessions)).data.filter(({ kind }) => kind === 'token')).toHaveLength(1)
  await owner.close()
})

test('two-step login: scanned, confirmed by a code, asked for at the next login, turned off by a recovery code', async () => {
  const person = await join(app, 'member')
  const window = await open(person.token)
  const { page } = window
  const setting = page.getByRole('region', { name: 'Two-step login' })
  await setting.getByRole('button', { name: 'Turn on' }).click()
  const secret = (await setting.locator('pre').first().textContent()) ?? ''
  const recovery = ((await setting.locator('pre').last().textContent()) ?? '').split('\n')
  const url = new URL((await scan(window)) ?? '')
  expect([url.protocol, url.searchParams.get('secret')]).toEqual(['otpauth:', secret])
  expect(recovery).toHaveLength(10)
  await setting.getByRole('textbox', { name: 'Code' }).fill('000000')
  await page.keyboard.press('Enter')
  await setting.getByText(/It is wrong, or was used before/).waitFor()
  await setting.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret))
  await page.keyboard.press('Enter')
  await setting.getByText('On', { exact: true }).waitFor()

  const other = await stranger()
  await typePassword(other, person)
  await other.page.getByRole('heading', { name: 'Enter your code' }).waitFor()
  await other.page.getByRole('textbox', { name: 'Code' }).fill('12 34-56')
  await other.page.getByRole('alert').waitFor()
  expect(await other.page.getByRole('textbox', { name: 'Code' }).inputValue()).toBe('')
  // As it is pasted; whole, it is sent by itself.
  await other.page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret, 1).replace(/^.../, '$& '))
  await other.page.locator('#main').waitFor()

  const lost = await stranger()
  await typePassword(lost, person)
  await lost.page.getByRole('button', { name: 'Use a recovery code' }).click()
  await lost.page.getByRole('textbox', { name: 'Recovery code' }).fill(recovery[0] ?? '')
  await lost.page.keyboard.press('Enter')
  await lost.page.locator('#main').waitFor()

  await setting.getByRole('button', { name: 'Turn off' }).click()
  await setting.getByRole('textbox', { name: 'Code' }).fill(recovery[1] ?? '')
  await page.keyboard.press('Enter')
  await setting.getByText('Off', { exact: true }).waitFor()
  expect((await app.call(getMe, {}, await tokenOf(app, person))).user.mfaEnabled).toBe(false)
})

test('a wrong user and a wrong password are told alike, the email stays, and tries are limited', async () => {
  const person = await addPerson(app, 'viewer')
  const { page } = await stranger()
  await typePassword({ page } as Window, { email: 'nobody@example.com', password: 'whatever it is' })
  const unknown = await page.getByRole('alert').textContent()
  await typePassword({ page } as Window, { email: person.email, password: 'whatever it is' })
  await expect.poll(() => page.getByRole('alert').textContent()).toBe(unknown)
  expect(await page.getByRole('textbox', { name: 'Email' }).inputValue()).toBe(person.email)
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  for (let tries = 2; tries < 10; tries++)
    await app.request('POST', login.path, { token: null, body: { email: person.email, password: 'no' } })
  await expect
    .poll(async () => {
      await page.getByRole('textbox', { name: 'Password' }).press('Enter')
      return page.getByRole('alert').textContent()
    })
    .toMatch(/try again in \d+ s/)
})

test('another browser comes in by a link, stands among the logins, and is ended from here', async () => {
  const person = await join(app, 'member')
  const { page } = await open(person.token)
  await page.getByRole('button', { name: 'Make a link' }).click()
  const link = (await page.getByRole('region', { name: 'Another browser' }).locator('pre').textContent()) ?? ''
  const phone = await openWindow(browser, { userAgent: 'Mozilla/5.0 (iPhone) Version/20.0 Mobile/15E1 Safari/604.1' })
  windows.push(phone)
  await phone.page.goto(link)
  await phone.page.locator('#main').waitFor()
  const logins = page.getByRole('list', { name: 'Logins' })
  await logins.getByText('you are here').waitFor()
  await logins.getByRole('button', { name: /^End Safari 20 on iPhone/ }).click()
  await logins.getByText('Safari 20 on iPhone').waitFor({ state: 'detached' })
  await phone.page.reload()
  await phone.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
})

test('a name and an email are changed, the email with the password', async () => {
  const person = await join(app, 'member')
  const { page } = await open(person.token)
  const you = page.getByRole('region', { name: 'You', exact: true })
  await you.getByRole('textbox', { name: 'Name' }).fill('Ada Morel')
  await you.getByRole('textbox', { name: 'Email' }).fill(`new-${person.email}`)
  await you.getByRole('textbox', { name: 'Password' }).fill(person.password)
  await page.keyboard.press('Enter')
  await page.getByText('Saved').waitFor()
  await expect.poll(async () => (await app.call(getMe, {}, person.token)).user).toMatchObject({ name: 'Ada Morel' })
})

describe.each(lookedThemes)('in the %s theme', colorScheme => {
  test.each([1440, 390].filter(width => isLooked(colorScheme, width)))('axe finds nothing at %i px', async width => {
    const person = await join(app, 'viewer')
    const window = await open(person.token, { colorScheme, viewport: { width, height: 800 } })
    await window.page.getByRole('button', { name: 'Turn on' }).click()
    await window.page.getByRole('img', { name: 'The code to scan' }).waitFor()
    expect(await violationsOf(window)).toEqual([])
    const out = await stranger({ colorScheme, viewport: { width, height: 800 } })
    expect(await violationsOf(out)).toEqual([])
  })
})

test('nothing scrolls sideways, however narrow', async () => {
  const person = await join(app, 'viewer')
  const { page } = await open(person.token)
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByRole('img', { name: 'The code to scan' }).waitFor()
  const out = await stranger()
  for (const width of [1440, 1024, 390, 320])
    for (const one of [page, out.page]) {
      await one.setViewportSize({ width, height: 800 })
      expect(await one.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
    }
})

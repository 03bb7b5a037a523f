import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { type Agent, createAgent } from '#contract/fleet/agents'
import { listMessages, type Message, sendMessage } from '#contract/work/messages'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { join } from '../kit/people.ts'
import { askToRun, play } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let kestrel: Agent
let windows: Window[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  app = await startApp({ runner: true })
  kestrel = await app.call(createAgent, { body: { name: 'api-kestrel' } })
})
afterEach(async () => {
  for (const window of windows) {
    expect(window.faults).toEqual([])
    await window.close()
  }
  windows = []
  await app.close()
})

async function open(path: string, options: BrowserContextOptions = {}, token?: string): Promise<Window> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await signIn(app, window, path, token)
  await window.page.getByRole('heading', { level: 1, name: /Messages?/ }).waitFor()
  return window
}

type More = { data?: Record<string, unknown>; replyTo?: string }

const tell = (text: string, to: string | null = null, more: More = {}): Promise<Message> =>
  app.call(sendMessage, { body: { to, text, ...more } })

test('what is sent elsewhere shows at once; filters lie in the address', async () => {
  const { page } = await open('/messages')
  await page.getByText('No messages yet').waitFor()
  await page.waitForLoadState('networkidle')
  await tell('To everybody')
  await page.getByText('To everybody').waitFor()
  await tell('To one', kestrel.id)
  await page.getByText('To one').waitFor()
  await page.getByRole('button', { name: 'Agent', exact: true }).click()
  await page.getByRole('menuitem', { name: /api-kestrel/ }).click()
  await page.getByText('To everybody').waitFor({ state: 'detached' })
  expect(page.url()).toContain(`agent=${kestrel.id}`)
  await page.getByRole('searchbox').fill('ONE to')
  await page.waitForURL(/search=/)
  await page.getByText('To one').waitFor()
  await page.goto(`${app.url}/messages?type=task.done`)
  await page.getByText('No message matches').waitFor()
})

test('one is written by keys alone, survives a reload, and is sent', async () => {
  const { page } = await open('/messages')
  await page.keyboard.press('n')
  await page.getByRole('textbox', { name: 'Text' }).waitFor()
  await expect.poll(() => page.evaluate(`document.activeElement?.tagName`)).toBe('TEXTAREA')
  await page.keyboard.type('Nobody touch the loader')
  await page.reload()
  const text = page.getByRole('textbox', { name: 'Text' })
  await expect.poll(() => text.inputValue()).toBe('Nobody touch the loader')
  await page.getByLabel('To', { exact: true }).selectOption(kestrel.id)
  await text.press('Control+Enter')
  await page.getByRole('link', { name: /Nobody touch the loader/ }).waitFor()
  const { data } = await app.call(listMessages, { query: {} })
  expect(data.map(one => [one.to, one.text])).toEqual([[kestrel.id, 'Nobody touch the loader']])
})

test('one opens whole, with its payload, and is answered in its thread; Escape gives the focus back', async () => {
  const message = await tell(`${'word '.repeat(400)}end of it`, kestrel.id, { data: { retries: 3 } })
  const { page } = await open('/messages')
  await page.getByText('word word').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'Message' })
  await panel.getByText('end of it').waitFor()
  await panel.getByText('Payload').click()
  await panel.getByText('"retries": 3').waitFor()
  await page.keyboard.press('r')
  await page.keyboard.type('Three are enough')
  await page.reload()
  const reply = panel.getByRole('textbox', { name: 'Reply to api-kestrel' })
  await expect.poll(() => reply.inputValue()).toBe('Three are enough')
  await reply.press('Control+Enter')
  await panel.getByRole('listitem').filter({ hasText: 'Three are enough' }).waitFor()
  const [answer] = (await app.call(listMessages, { query: {} })).data
  expect(answer).toMatchObject({ replyTo: message.id, threadId: message.threadId, to: kestrel.id })
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate(`document.activeElement?.textContent`)).toContain('Three are enough')
})

test('threads stand by their newest message, with how many they have', async () => {
  const first = await tell('Is the window 24 h or 72 h?', kestrel.id)
  await tell('Something else')
  await tell('24 h. I fix the comment.', kestrel.id, { replyTo: first.id })
  const { page } = await open('/messages')
  await page.getByRole('row').filter({ hasText: '24 h or 72 h' }).waitFor()
  await page.getByRole('link', { name: 'Threads' }).click()
  const rows = page.getByRole('grid', { name: 'Threads' }).getByRole('row')
  await rows.filter({ hasText: '24 h. I fix' }).getByText('2 messages').waitFor()
  expect(await rows.filter({ hasText: '24 h or 72 h' }).count()).toBe(0)
  await page.getByText('2 threads').waitFor()
})

test('a request that waits for a person is marked, and leads to where it is decided', async () => {
  const run = await play(app, 'Publish', askToRun('publish', 'npm publish'), kestrel.id)
  await untilStatus(app, run.id, 'WAITING')
  const { page } = await open('/messages')
  const row = page.getByRole('row').filter({ hasText: 'npm publish' })
  await row.getByRole('link', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'Allow once' }).waitFor()
})

test('who scrolled down keeps the place: what comes is counted, and shown when it is wanted', async () => {
  for (let i = 0; i < 40; i++) await tell(`Line ${i} of many`)
  const { page } = await open('/messages')
  await page.getByText('Line 39 of many').waitFor()
  await page.waitForLoadState('networkidle')
  await page.getByRole('grid', { name: 'Messages' }).evaluate(list => list.scrollTo({ top: 300 }))
  await page.getByText('Line 30 of many').hover()
  await tell('Came meanwhile')
  await page.getByRole('button', { name: '1 new message' }).click()
  await page.getByText('Came meanwhile').waitFor()
})

test('who may only look sees why', async () => {
  const { token } = await join(app, 'viewer')
  const { page } = await open('/messages', {}, token)
  await page.getByText(/You may look, not change/).waitFor()
  expect(await page.getByRole('link', { name: 'Send a message' }).count()).toBe(0)
})

describe.each(lookedThemes)('axe finds nothing in the %s theme', colorScheme => {
  test.each(
    (
      [
        [1440, '/messages/ID'],
        [390, '/messages'],
        [390, '/messages/ID'],
        [390, '/messages/new']
      ] as const
    ).filter(([width]) => isLooked(colorScheme, width))
  )('at %i px on %s', async (width, path) => {
    const message = await tell(`\u202eyek ${'x'.repeat(400)} <b>`, kestrel.id, { data: { a: 1 } })
    await tell('An answer', null, { replyTo: message.id })
    const window = await open(path.replace('ID', message.id), { colorScheme, viewport: { width, height: 844 } })
    await window.page.waitForLoadState('networkidle')
    expect(await violationsOf(window)).toEqual([])
  })
})

test('nothing scrolls sideways, however narrow', async () => {
  const message: Message = await tell(`${'x'.repeat(400)} <b>`, kestrel.id)
  const { page } = await open('/messages')
  for (const width of [1440, 1024, 390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    for (const path of ['/messages', `/messages/${message.id}`, '/messages/new']) {
      await page.goto(app.url + path)
      await page
        .getByText(/xxxx|Send a message/)
        .first()
        .waitFor()
      expect(await page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
    }
  }
})

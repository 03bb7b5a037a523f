import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { launchRun, type Run } from '#contract/runs/runs'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { png } from '../kit/images.ts'
import { needs } from '../kit/needs.ts'
import { connectRunner, report } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
const square = { name: 'square.png', mimeType: 'image/png', buffer: png({ width: 300, height: 200 }) }
const second = { name: 'second.png', mimeType: 'image/png', buffer: png({ width: 20, height: 20, shade: 9 }) }
/** Its name says that it is one. */
const words = { name: 'words.png', mimeType: 'image/png', buffer: Buffer.from('only words') }

let browser: Browser
let app: App
let window: Window
/** Of the practice agent. */
let seeing: Run
/** Of a runtime that takes no images. */
let blind: Run

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true })
  const online = async () => (await app.call(listRunners)).data.some(one => one.status === 'online')
  await vi.waitUntil(online, { timeout: 20_000 })
  seeing = await app.call(launchRun, { body: { prompt: 'list', runtime: 'practice' } })
  await untilStatus(app, seeing.id, 'SUCCEEDED')
  const { capabilities } = report('claude-code')
  const old = report('claude-code', { title: 'Old CLI', capabilities: { ...capabilities, images: false } })
  const far = await connectRunner(app, { runtimes: [old] })
  const { id } = await app.call(launchRun, { body: { prompt: 'x', runtime: 'claude-code', runnerId: far.runnerId } })
  const assignment = await far.take(id)
  await far.send(assignment, { type: 'started' }, { type: 'facts', facts: { sessionId: 's' } })
  await far.finish(assignment, 'SUCCEEDED')
  blind = { ...seeing, id }
  window = await openWindow(browser)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
})

type Sent = typeof square

/** In the page: as from a clipboard, or from a folder beside the window. */
const giveInPage = `({ event, name, mimeType, base64 }) => {
  const data = new DataTransfer()
  const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
  data.items.add(new File([bytes], name, { type: mimeType }))
  const more = { bubbles: true, cancelable: true }
  document.querySelector('textarea').dispatchEvent(
    event === 'paste'
      ? new ClipboardEvent('paste', { clipboardData: data, ...more })
      : new DragEvent('drop', { dataTransfer: data, ...more })
  )
}`

async function give(page: Page, event: 'paste' | 'drop', { name, mimeType, buffer }: Sent): Promise<void> {
  await page.getByRole('textbox', { name: 'Follow-up' }).waitFor()
  const given = { event, name, mimeType, base64: buffer.toString('base64') }
  await page.evaluate(`(${giveInPage})(${JSON.stringify(given)})`)
}

test('images are pasted, dropped and chosen, kept until they are sent, and looked at in the run', async () => {
  const { page } = window
  await signIn(app, window, `/runs/${seeing.id}`)
  const field = page.getByRole('textbox', { name: 'Follow-up' })
  const strip = page.getByRole('list', { name: 'Images to be sent' }).getByRole('img')
  const alts = () => strip.evaluateAll(all => all.map(one => one.getAttribute('alt')))
  await field.fill('list')
  await give(page, 'paste', square)
  await expect.poll(alts).toEqual([expect.stringMatching(/^square\.png, PNG, /)])
  await give(page, 'drop', words)
  const alert = page.getByRole('alert')
  await expect
    .poll(() => alert.textContent())
    .toBe('words.png was left out. It is no PNG, JPEG, GIF or WebP image, or a damaged one.')
  await page.locator('input[type=file]').setInputFiles(second)
  await expect.poll(alts).toHaveLength(2)
  await expect.poll(() => alert.count()).toBe(0)
  // On a phone as well; what stands there survives the window.
  await page.setViewportSize({ width: 390, height: 844 })
  await page.reload()
  await expect.poll(alts).toHaveLength(2)
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  expect(await violationsOf(window)).toEqual([])
  await page.getByRole('button', { name: 'Remove second.png' }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(alts).toHaveLength(1)
  await page.locator('textarea:focus').waitFor()
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.keyboard.press('Control+Enter')
  const shown = page.getByRole('list', { name: 'Images of this message' }).getByRole('img')
  await shown.first().waitFor()
  expect(await shown.first().getAttribute('alt')).toBe('square.png, PNG, 300 × 200')
  await page.getByText('I was given 1 image, and cannot see').first().waitFor()
  expect(await strip.count()).toBe(0)
  await shown.first().click()
  const large = page.getByRole('dialog', { name: 'square.png' }).getByRole('img')
  await expect.poll(() => page.evaluate('document.querySelector("dialog[open] img")?.naturalWidth')).toBe(300)
  expect(await violationsOf(window)).toEqual([])
  await page.keyboard.press('Escape')
  await expect.poll(() => large.count()).toBe(0)
  // A runtime that takes none says so before anything is sent.
  await page.goto(new URL(`/runs/${blind.id}`, page.url()).href)
  const add = page.getByRole('button', { name: 'Add images: Old CLI takes no images.' })
  await add.waitFor()
  expect(await add.isDisabled()).toBe(true)
  await give(page, 'paste', square)
  await expect.poll(() => alert.textContent()).toContain('Old CLI takes no images. Send the words alone')
  expect(await strip.count()).toBe(0)
  expect(window.faults).toEqual([])
})

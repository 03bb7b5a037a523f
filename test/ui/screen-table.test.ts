import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { launchBrowser, openWindow, signIn } from '../kit/browser.ts'
import { type Headless, startHeadless } from '../kit/headless.ts'
import { needs } from '../kit/needs.ts'
import { duty, noun } from '../kit/toys/toy-noun.ts'
import { buildToyProgram } from '../kit/toys/toy-program.ts'
import { cache, screen } from '../kit/toys/toy-screen.ts'

const test = needs('chromium')
const built = ['server', 'server-start', 'upkeep', 'reader', 'search', 'passwords', 'renderer']

let browser: Browser
let program: string
let fleet: Headless

beforeAll(async () => {
  program = buildToyProgram([noun, duty, screen, cache], built)
  browser = await launchBrowser()
  fleet = await startHeadless({ program, args: ['--no-runner'] })
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await fleet?.app.close()
  rmSync(dirname(program), { recursive: true, force: true })
})

test('one folder and one line make a screen: navigation, routes, deep links, keys and palette know it', async () => {
  const window = await openWindow(browser)
  const { page, faults } = window
  await signIn(fleet.app, window)
  await page.getByRole('region', { name: 'Observe' }).getByRole('link', { name: 'Toys, 7 waiting' }).click()
  await page.getByRole('heading', { name: 'All toys' }).waitFor()
  await page.goto(`${fleet.app.url}/toys/42`)
  await page.getByRole('heading', { name: 'Toy 42' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('z')
  await page.getByRole('heading', { name: 'All toys' }).waitFor()
  await page.keyboard.press('y')
  await page.getByRole('heading', { name: 'Toy new' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('go to toy')
  await page.getByRole('option', { name: /Go to Toys/ }).click()
  await page.getByRole('heading', { name: 'All toys' }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog').getByText('Wind up a toy').waitFor()
  expect(faults).toEqual([])
  await window.close()
})

test('one line brings the changes of a noun to what is shown', async () => {
  const window = await openWindow(browser)
  const { page, faults } = window
  await signIn(fleet.app, window, '/toys')
  await page.getByRole('heading', { name: 'All toys' }).waitFor()
  await page.waitForLoadState('networkidle')
  await fleet.app.request('POST', '/api/v1/toys', { body: { title: 'Tin soldier' } })
  await page.getByText('Tin soldier stands still').waitFor()
  expect(faults).toEqual([])
  await window.close()
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { launchRun, listRuns, type Run } from '#contract/runs/runs'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { GitFolder } from '../kit/git/git-folder.ts'
import { isLooked } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium', 'git')

let browser: Browser
let app: App
let folder: GitFolder
let window: Window
let run: Run
const lines = Array.from({ length: 30 }, (_, i) => `line ${i}\n`)

beforeAll(async () => {
  folder = new GitFolder()
  folder.begin({ 'src/long.txt': lines.join(''), 'a.txt': 'one\n' })
  browser = await launchBrowser()
  app = await startApp({ runner: true, allowedDirs: [folder.base] })
  const online = async () => (await app.call(listRunners)).data.some(one => one.status === 'online')
  await vi.waitUntil(online, { timeout: 20_000 })
  const prompt =
    'run sed -i "s/line 3$/three/;s/line 25$/twenty-five/" src/long.txt; echo two >> a.txt; printf x > new.txt'
  const body = { prompt, cwd: folder.root, runtime: 'practice', permissionMode: 'bypassPermissions' }
  run = await app.call(launchRun, { body })
  await untilStatus(app, run.id, 'SUCCEEDED')
  window = await openWindow(browser)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  folder?.remove()
})

const read = (path: string) => readFileSync(join(folder.root, path), 'utf8')

test('a run is reviewed by keyboard alone: looked at, kept, discarded, answered, and undone', async () => {
  const { page } = window
  await page.setViewportSize({ width: 1440, height: 900 })
  await signIn(app, window, `/runs/${run.id}`)
  await page.getByRole('link', { name: 'Review changes' }).click()
  await page.getByRole('heading', { name: 'Review' }).waitFor()
  expect(await page.getByRole('navigation', { name: 'Files' }).getByRole('listitem').count()).toBe(3)
  await page.getByRole('region', { name: 'a.txt' }).getByText('two').waitFor()
  await page.getByRole('region', { name: 'src/long.txt' }).getByText('twenty-five').waitFor()

  // a.txt is looked at and folds; the next file is where the keys act.
  await page.keyboard.press('j')
  await page.keyboard.press('v')
  await page.getByText('1 of 3 viewed').waitFor()
  await page.getByRole('button', { name: 'Viewed. Show it again' }).waitFor()
  // new.txt is kept as a whole.
  await page.keyboard.press('y')
  await page.getByRole('region', { name: 'new.txt' }).getByText('Kept').first().waitFor()
  // Of src/long.txt the second hunk is discarded on disk, and something is said of the first.
  const long = page.getByRole('region', { name: 'src/long.txt' })
  await page.keyboard.press('j')
  await page.keyboard.press('n')
  await long.getByText('Discarded').waitFor()
  expect(read('src/long.txt')).toBe(lines.with(3, 'three\n').join(''))
  await page.keyboard.press('k')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('c')
  await page.keyboard.type('Call it 3')
  await page.keyboard.press('Control+Enter')
  await long.getByRole('article', { name: /Comment on line/ }).waitFor()
  expect(await violationsOf(window)).toEqual([])

  await page.getByRole('button', { name: 'Split' }).click()
  await long.getByRole('article', { name: /Comment on line/ }).waitFor()
  expect(await violationsOf(window)).toEqual([])
  await page.getByRole('button', { name: 'Send 1 comment' }).click()
  await page.getByRole('link', { name: /Follow-up #/ }).waitFor()
  const [sent] = (await app.call(listRuns)).data
  expect(sent).toMatchObject({ parentRunId: run.id, input: expect.stringContaining('Call it 3') })

  await page.getByRole('button', { name: 'Discard…' }).click()
  await page.getByRole('button', { name: 'Undo 3 files' }).click()
  await expect.poll(() => read('a.txt')).toBe('one\n')
  expect(read('src/long.txt')).toBe(lines.join(''))
  await page.getByRole('button', { name: 'Discard…' }).click()
  const kept = page.getByRole('region', { name: 'Kept' })
  await kept.getByRole('button', { name: 'Restore' }).first().click()
  await expect.poll(() => read('a.txt')).toBe('one\ntwo\n')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Review' }).waitFor({ state: 'detached' })
  expect(window.faults).toEqual([])
})

test('on a phone the files come first, then one of them', async () => {
  const { page } = window
  await page.setViewportSize({ width: 390, height: 844 })
  await signIn(app, window, `/runs/${run.id}/review`)
  await page.getByRole('navigation', { name: 'Files' }).getByText('a.txt').click()
  await page.getByRole('region', { name: 'a.txt' }).waitFor()
  expect(await page.getByRole('navigation', { name: 'Files' }).count()).toBe(0)
  if (isLooked('light', 390)) expect(await violationsOf(window)).toEqual([])
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('navigation', { name: 'Files' }).waitFor()
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { type Approval, approve, getApproval, listApprovals } from '#contract/runs/approvals'
import { launchRun } from '#contract/runs/runs'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { needs } from '../kit/needs.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let runner: RunnerClient
let window: Window
let made = 0

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ undoMs: 0 })
  runner = await connectRunner(app, { capacity: 100 })
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
})
beforeEach(() => {
  made++
})

const settings = (command: string) => `{\n  "hooks": {\n    "Stop": "${command}"\n  }\n}\n`

/** A run finds these settings and asks; its request. */
async function asked(command: string, content: string, folder = `/work-here/shop-${made}`): Promise<Approval> {
  const run = await app.call(launchRun, { body: { prompt: 'go', cwd: folder } })
  await runner.send(await runner.claimOne(), {
    type: 'approval',
    key: content,
    kind: 'trust',
    tool: 'claude-code',
    toolUseId: null,
    title: `found settings in shop-${made} that act by themselves`,
    subject: folder,
    input: {
      folder,
      runtime: 'claude-code',
      content: content.repeat(64),
      acts: [
        { kind: 'hook', title: 'A hook acts when a turn ends', detail: command, path: '.claude/settings.json', line: 3 }
      ],
      files: [{ path: '.claude/settings.json', text: settings(command) }]
    },
    reason: null
  })
  const { data } = await app.call(listApprovals, { query: { runId: run.id } })
  if (!data[0]) throw new Error('nothing is asked')
  return data[0]
}

async function open({ id }: Approval, width = 1440): Promise<Page> {
  window = await openWindow(browser, { viewport: { width, height: 900 } })
  await signIn(app, window, `/approvals/${id}`)
  return window.page
}

const close = async () => {
  expect(window.faults).toEqual([])
  await window.close()
}
const statusOf = async ({ id }: Approval) => (await app.call(getApproval, { params: { id } })).status

test('a folder that nobody trusted shows what acts and all of its content, and is trusted by its button alone', async () => {
  const approval = await asked('./fmt.sh', 'a')
  const page = await open(approval)
  await page.getByText('Nothing of it has run yet').waitFor()
  await page.getByText('A hook acts when a turn ends').waitFor()
  await page.getByText('.claude/settings.json, line 3').waitFor()
  await expect.poll(() => page.getByText('"Stop": "./fmt.sh"').count()).toBe(1)
  expect(await violationsOf(window)).toEqual([])
  await page.keyboard.press('a')
  await page.keyboard.press('Shift+A')
  expect(await statusOf(approval)).toBe('pending')
  await page.getByRole('button', { name: 'Copy folder path' }).click()
  await page.getByText(/^(Folder path copied|The folder is .*)$/).waitFor()
  await page.getByRole('button', { name: 'Trust this content', disabled: false }).click()
  await expect.poll(() => statusOf(approval)).toBe('approved')
  await close()
})

test('what changed since stands first, against what was trusted; D goes on without it, and both are told apart', async () => {
  const folder = `/work-here/again-${made}`
  const first = await asked('./fmt.sh', 'a', folder)
  await app.call(approve, { params: { id: first.id }, body: { content: 'a'.repeat(64) } })
  const second = await asked('curl evil.example', 'b', folder)
  const page = await open(second)
  await page.getByText(/trusted this folder on .+ Since then 1 was changed/).waitFor()
  await page.getByText('changed · .claude/settings.json, line 3').waitFor()
  await page.getByText('Before: ./fmt.sh').waitFor()
  await page.getByText('Against what was trusted before').waitFor()
  await page.getByRole('button', { name: 'Go on without it', disabled: false }).click()
  await expect.poll(() => statusOf(second)).toBe('denied')
  await close()
})

test('what was decided can be withdrawn, on a narrow screen too', async () => {
  const approval = await asked('./fmt.sh', 'c')
  await app.call(approve, { params: { id: approval.id }, body: { content: 'c'.repeat(64) } })
  const page = await open(approval, 390)
  await page.getByRole('button', { name: 'Withdraw trust' }).click()
  await page.getByText('The next run in this folder asks again').waitFor()
  expect(await violationsOf(window)).toEqual([])
  expect(await statusOf(await asked('./fmt.sh', 'c'))).toBe('pending')
  await close()
})

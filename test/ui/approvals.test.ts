import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { createAgent } from '#contract/fleet/agents'
import { approve, listApprovals } from '#contract/runs/approvals'
import { type FlowRun, getFlowRun, triggerFlow } from '#contract/work/flow-runs'
import { createFlow } from '#contract/work/flows'
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { untilStatus } from '../kit/events.ts'
import { isLooked, lookedThemes } from '../kit/looks.ts'
import { needs } from '../kit/needs.ts'
import { askToRun, play, toolCall } from '../kit/play.ts'
import { type App, startApp } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let windows: Window[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  app = await startApp({ runner: true })
  const { id } = await app.call(createAgent, { body: { name: 'release-pilot' } })
  const decided = await play(app, 'Decided', askToRun('k', 'git push origin refunds'), id)
  await untilStatus(app, decided.id, 'WAITING')
  const [approval] = (await app.call(listApprovals, { query: { status: 'pending' } })).data
  await app.call(approve, { params: { id: approval?.id ?? '' } })
  const waits = await play(
    app,
    'Publish',
    [
      ...toolCall(
        'r',
        { tool: 'Read', kind: 'read', argument: 'CHANGELOG.md', input: {} },
        { text: 'a line\n'.repeat(40) }
      ),
      ...toolCall('t', { tool: 'Bash', kind: 'command', argument: 'npm test', input: {} }, { text: 'no', exitCode: 1 }),
      ...askToRun('publish', 'npm publish')
    ],
    id
  )
  await untilStatus(app, waits.id, 'WAITING')
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

async function open(path: string, options: BrowserContextOptions = {}, at = app): Promise<Window & { page: Page }> {
  const window = await openWindow(browser, options)
  windows.push(window)
  await signIn(at, window, path)
  await window.page.getByRole('heading', { level: 1, name: 'Approvals' }).waitFor()
  return window
}

test('what happened just before stands with what came of it', async () => {
  const { page } = await open('/approvals')
  const before = page.getByRole('listitem').filter({ has: page.locator('time[title]') })
  await before.filter({ hasText: 'Read CHANGELOG.md' }).getByText('40 lines').waitFor()
  await before.filter({ hasText: 'Bash npm test' }).getByText('exit 1').waitFor()
})

test('what was decided has a tab of its own, which stands in the address', async () => {
  const { page } = await open('/approvals')
  await page.getByRole('link', { name: 'Waiting 1' }).waitFor()
  await page.getByRole('link', { name: 'Decided 1' }).click()
  await page.getByText('Allowed once').first().waitFor()
  await page
    .getByRole('navigation', { name: 'Requests' })
    .getByRole('link', { name: /git push/ })
    .click()
  await page.waitForURL(/\/approvals\/[^?]+\?tab=decided$/)
  await page.goBack()
  await page.goBack()
  await page.getByRole('button', { name: 'Allow once' }).waitFor()
})

describe.each(lookedThemes)('in the %s theme', colorScheme => {
  test.each([1440, 390].filter(width => isLooked(colorScheme, width)))(
    'axe finds nothing at %i px in either tab',
    async width => {
      const window = await open('/approvals', { colorScheme, viewport: { width, height: 844 } })
      await window.page.getByText('npm publish').first().waitFor()
      expect(await violationsOf(window)).toEqual([])
      await window.page.goto(`${app.url}/approvals?tab=decided`)
      await window.page.getByText('git push').first().waitFor()
      expect(await violationsOf(window)).toEqual([])
    }
  )
})

test('nothing scrolls sideways, however narrow', async () => {
  const { page } = await open('/approvals')
  for (const width of [1440, 1024, 390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    for (const path of ['/approvals', '/approvals?tab=decided']) {
      await page.goto(app.url + path)
      await page
        .getByText(/npm publish|git push/)
        .first()
        .waitFor()
      expect(await page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
    }
  }
})

test('a flow that asks is seen here with its prompt and until when, and is started or refused', async () => {
  const own = await startApp({ undoMs: 0 })
  try {
    const { id: agentId } = await own.call(createAgent, { body: { name: 'release-pilot' } })
    const ticks: FlowRun[] = []
    for (const title of ['Sweep', 'Mail']) {
      const prompt = `${title} what came since {{last_run}}`
      const { id } = await own.call(createFlow, { body: { title, prompt, agentId, mode: 'always_ask' } })
      ticks.push(await own.call(triggerFlow, { params: { id }, body: {} }))
    }
    const { page } = await open('/approvals', {}, own)
    const flow = page.getByRole('region', { name: 'Sweep wants to start' })
    await flow.getByText('Sweep what came since never').waitFor()
    await flow.getByText(/^Not started unless you allow it by /).waitFor()
    expect(await flow.getByRole('link', { name: 'Open run' }).count()).toBe(0)
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 800 })
      expect(await page.locator('html').evaluate(element => element.scrollWidth)).toBe(width)
    }
    await page.setViewportSize({ width: 1440, height: 800 })
    await flow.locator('[data-settled]').waitFor()
    await flow.getByRole('button', { name: 'Start it' }).click()
    const next = page.getByRole('region', { name: 'Mail wants to start' })
    await next.locator('[data-settled]').waitFor()
    await next.getByRole('textbox', { name: 'Reason, kept with the flow' }).fill('not today')
    await next.getByRole('button', { name: 'Deny' }).first().click()
    const statuses = () =>
      Promise.all(
        ticks.map(async ({ flowId, id }) => {
          const { status, reason } = await own.call(getFlowRun, { params: { id: flowId, runId: id } })
          return [status, reason]
        })
      )
    await expect.poll(statuses).toEqual([
      ['approved', null],
      ['skipped', { code: 'DENIED', message: 'not today' }]
    ])
    await page.goto(`${own.url}/approvals?tab=decided`)
    await page.getByText('Not started').first().waitFor()
  } finally {
    await own.close()
  }
})

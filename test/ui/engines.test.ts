import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import docker from '../../server/containers/fixtures/docker.json' with { type: 'json' }
import { launchBrowser, openWindow, signIn, violationsOf, type Window } from '../kit/browser.ts'
import { type FakeEngine, fakeEngine } from '../kit/engines/fake-engine.ts'
import { needs } from '../kit/needs.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'

const test = needs('chromium')
let browser: Browser
let app: App
let folder: string
let fake: FakeEngine

beforeAll(async () => {
  folder = temporaryFolder()
  fake = fakeEngine(join(folder, 'engine.sock'), { ...docker, info: { ...docker.info, SwapLimit: false } })
  browser = await launchBrowser()
  app = await startApp({ env: { DOCKER_HOST: fake.address } })
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await fake.unplug()
  rmSync(folder, { recursive: true, force: true })
})

test('the engine that is away says how to get it; it comes, shows what it holds, is tested, and is lost in front of the reader', async () => {
  const window: Window = await openWindow(browser)
  await signIn(app, window, '/settings/engines')
  const { page } = window
  const engine = page.getByRole('list', { name: 'Engines' }).getByRole('listitem').first()
  await engine.getByText('Not there').waitFor()
  await engine.getByText('Start the engine that DOCKER_HOST leads to, or choose another one.').waitFor()
  const fact = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Container engines:/ })
  expect(await fact.getAttribute('aria-label')).toBe('Container engines: Engine, Not there')

  await engine.getByRole('button', { name: /^Try .*DOCKER_HOST.* now$/ }).waitFor()
  await fake.plug()
  await page.getByRole('button', { name: 'Look again' }).click()
  await engine.getByText('Connected').waitFor()
  await engine.getByText('Docker Engine 20.10.24+dfsg1').waitFor()
  await engine.getByText('1 of 5 bounds not held').waitFor()
  await engine.getByText('Swap: its system cannot limit it').waitFor()
  await expect.poll(() => fact.getAttribute('aria-label')).toBe('Container engines: Docker Engine, Connected')

  // This one answers questions and makes nothing.
  await engine.getByRole('button', { name: /^Test .*DOCKER_HOST/ }).click()
  const result = engine.getByRole('region', { name: /^Test of/ })
  await result.getByText('It cannot run a container.').waitFor()
  expect(await result.getByRole('img', { name: 'Skipped' }).count()).toBeGreaterThan(3)
  expect(await violationsOf(window)).toEqual([])

  await fake.unplug()
  await engine.getByText('Lost').waitFor()
  await engine.getByText(/^The engine at unix:.* has gone\./).waitFor()
  await expect.poll(() => fact.getAttribute('aria-label')).toBe('Container engines: Docker Engine, Lost')
  expect(window.faults).toEqual([])
  await window.close()
})

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { createLoginLink } from '#contract/people/login'
import { findTool } from './needs.ts'
import type { App } from './start-app.ts'

/** The last list counts: this is playwright's own, and what costs each window processes: popups of an address bar, a renderer in reserve. */
const withoutFeatures = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'SpareRendererForSitePerProcess',
  'ThirdPartyStoragePartitioning',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup'
]

const flags = [
  `--disable-features=${withoutFeatures}`,
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

/** A window on an app, and what went wrong in it that no user would see: script errors and refusals of the policy. */
export interface Window {
  page: Page
  faults: string[]
  close(): Promise<void>
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findTool('chromium-shell') ?? findTool('chromium'), args: flags })
}

export async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Window> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', error => faults.push(error.stack ?? error.message))
  page.on('console', message => {
    if (/Content Security Policy|Refused to|React/.test(message.text())) faults.push(message.text())
  })
  return { page, faults, close: () => context.close() }
}

/**
 * Opens a fresh one-time link, as a person does who was handed one; with a path, that page alone: to load the home page first
 * would cost each test a second.
 */
export async function signIn(app: Pick<App, 'call'>, { page }: Window, path?: string, token?: string): Promise<void> {
  const { url } = await app.call(createLoginLink, {}, token)
  if (path === undefined) {
    await page.goto(url)
    await page.locator('#main').waitFor()
  } else {
    await page.context().request.get(url, { maxRedirects: 0 })
    await page.goto(new URL(path, url).href)
  }
}

const require = createRequire(import.meta.url)
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const axeOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations']
}

/** What axe finds on the page as it stands, by rule and element. It runs in the page itself: a second page to sum up costs a second. */
export async function violationsOf({ page }: Window): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(`axe.run(${JSON.stringify(axeOptions)}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(node => id + ': ' + node.html.slice(0, 160))))`)
}

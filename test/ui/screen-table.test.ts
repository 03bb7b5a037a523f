import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { build, type Plugin } from 'vite'
import { afterAll, beforeAll, expect } from 'vitest'
import { createEpic } from '#contract/work/tasks'
import { launchBrowser, openWindow, signIn } from '../kit/browser.ts'
import { needs } from '../kit/needs.ts'
import { type App, startApp, temporaryFolder } from '../kit/start-app.ts'

const test = needs('chromium')
const root = join(import.meta.dirname, '..', '..')
const toys = join(root, 'renderer', 'features', 'toys')

/** The folder of a feature, as somebody would write it. */
const folder: Record<string, string> = {
  'screen.ts': `
    import { Puzzle } from 'lucide-react'
    import { page, type Screen } from '../../lib/screen.ts'
    export const toys: Screen = {
      title: 'Toys',
      path: '/toys',
      icon: Puzzle,
      group: 'observe',
      keys: 'g z',
      pages: {
        '/toys': page(() => import('./toys-page.tsx').then(module => module.ToysPage)),
        '/toys/:id': page(() => import('./toys-page.tsx').then(module => module.ToyPage))
      },
      actions: [{ keys: 'y', label: 'Wind up a toy', path: '/toys/new' }],
      useWaiting: () => 7
    }`,
  'toys-page.tsx': `
    import { useQuery } from '@tanstack/react-query'
    import { listEpics } from '#contract/work/tasks'
    import { call } from '../../lib/call.ts'
    import { Bar, Title } from '../../ui/page.tsx'
    export function ToysPage() {
      const { data } = useQuery({ queryKey: ['toys'], queryFn: ({ signal }) => call(listEpics, { signal }) })
      return <><Bar><Title>All toys</Title></Bar><ul>{data?.data.map(toy => <li key={toy.id}>{toy.title}</li>)}</ul></>
    }
    export function ToyPage({ id }: { id: string }) {
      return <Bar><Title>Toy {id}</Title></Bar>
    }`
}

/** The lines that make it known: one for the screen, one for the noun that it shows. */
const lines: Record<string, [string, string][]> = {
  'screens.ts': [
    ['import { runs }', "import { toys } from './features/toys/screen.ts'\nimport { runs }"],
    ['\n]\n', ',\n  toys\n]\n']
  ],
  'nouns.ts': [
    ['import {', "import { cached as cachedToys } from './lib/nouns.ts'\nimport {"],
    ['\n}\n', ",\n  epic: cachedToys({ lists: ['toys'] })\n}\n"]
  ]
}

const withToys: Plugin = {
  name: 'toys',
  enforce: 'pre',
  resolveId: (source, importer) => {
    const name = /(screen\.ts|toys-page\.tsx)$/.exec(source)?.[1]
    const ours = source.includes('features/toys/') || importer?.startsWith(toys)
    return name && ours && !source.includes('lib/') ? join(toys, name) : null
  },
  load: id => (id.startsWith(toys) ? folder[id.slice(toys.length + 1)] : null),
  transform(code, id) {
    const changes = lines[id.replace(`${join(root, 'renderer')}/`, '')] ?? []
    for (const [before] of changes) if (!code.includes(before)) throw new Error(`${id} does not hold: ${before}`)
    return changes.reduce((text, [before, after]) => text.replace(before, after), code)
  }
}

let browser: Browser
let app: App
let out: string

beforeAll(async () => {
  out = temporaryFolder()
  mkdirSync(out, { recursive: true })
  for (const piece of readdirSync(join(root, 'out')))
    if (piece !== 'renderer') symlinkSync(join(root, 'out', piece), join(out, piece))
  await build({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    plugins: [withToys],
    build: { outDir: join(out, 'renderer'), emptyOutDir: true }
  })
  browser = await launchBrowser()
  app = await startApp({ config: { outDir: out } })
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  rmSync(out, { recursive: true, force: true })
})

test('one folder and one line make a screen: navigation, routes, keys and palette know it', async () => {
  const window = await openWindow(browser)
  const { page, faults } = window
  await signIn(app, window)
  await page.getByRole('region', { name: 'Observe' }).getByRole('link', { name: 'Toys, 7 waiting' }).click()
  await page.getByRole('heading', { name: 'All toys' }).waitFor()
  // Which paths are the window's is for the server to know: `contract/screens.ts`, which the type of a screen names.
  await page.evaluate(`history.pushState(null, '', '/toys/42')`)
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
  await signIn(app, window)
  await page.evaluate(`history.pushState(null, '', '/toys')`)
  await page.getByRole('heading', { name: 'All toys' }).waitFor()
  await page.waitForLoadState('networkidle')
  await app.call(createEpic, { body: { title: 'Tin soldier' } })
  await page.getByText('Tin soldier').waitFor()
  expect(faults).toEqual([])
  await window.close()
})

import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchRun } from '#contract/runs/runs'
import { temporaryFolder } from '../kit/start-app.ts'
import { findBinary } from './kit/binary.ts'
import { type Desktop, readSettings, startDesktop, untilPath } from './kit/desktop.ts'

let desktop: Desktop
beforeAll(async () => {
  desktop = await startDesktop()
})
afterAll(() => desktop?.close())

/** As the main process loads pages: no guard is asked whether it may. Resolves to what went wrong, or nothing. */
const loadInWindow = (url: string) =>
  desktop.electron.evaluate(
    ({ BrowserWindow }, where) =>
      BrowserWindow.getAllWindows()[0]
        ?.loadURL(where)
        .then(
          () => '',
          error => String(error)
        ),
    url
  )

const opened = () => desktop.seen(seen => seen.opened)

describe(`the window, on ${findBinary().words}`, () => {
  beforeEach(async () => {
    await desktop.seen(seen => seen.opened.splice(0))
  })

  test('shows the runs, signed in', async () => {
    await desktop.page.getByRole('heading', { level: 1 }).first().waitFor()
    expect(new URL(desktop.page.url()).origin).toBe(desktop.url())
  })

  test('keeps the session from the page and off the disk', async () => {
    expect(await desktop.page.evaluate('document.cookie')).toBe('')
    const cookies = await desktop.electron.evaluate(({ session }) => session.defaultSession.cookies.get({}))
    const ours = cookies.filter(({ name }) => name.startsWith('flotilla_'))
    expect(ours).toMatchObject([{ httpOnly: true, session: true }])
    // Chromium and Electron write it differently.
    expect(ours[0]?.sameSite.toLowerCase()).toBe('strict')
  })

  test('has nothing of Node or Electron in its page', async () => {
    const found = await desktop.page.evaluate(
      `['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron', 'global'].filter(name => name in window)`
    )
    expect(found).toEqual([])
  })

  test('gives the page exactly the bridge, which it cannot change', async () => {
    const bridge = await desktop.page.evaluate(
      '({ names: Object.keys(window.flotilla).sort(), frozen: Object.isFrozen(window.flotilla) })'
    )
    expect(bridge).toEqual({
      names: ['appVersion', 'notices', 'onOpenPage', 'pickFolder', 'showFolder', 'signIn', 'tryNotice'],
      frozen: true
    })
  })

  test('picks folders by the dialog of the system', async () => {
    await desktop.seen(seen => Object.assign(seen.folder, { canceled: false, filePaths: ['/picked/folder'] }))
    expect(await desktop.page.evaluate('flotilla.pickFolder()')).toBe('/picked/folder')
    await desktop.seen(seen => Object.assign(seen.folder, { canceled: true, filePaths: [] }))
    expect(await desktop.page.evaluate('flotilla.pickFolder()')).toBeNull()
  })

  test('shows a folder of this computer, and only that', async () => {
    const show = (path: unknown) => desktop.page.evaluate(`flotilla.showFolder(${JSON.stringify(path)})`)
    const folder = temporaryFolder()
    const file = join(folder, 'program')
    writeFileSync(file, '')
    expect(await show(folder)).toBe(true)
    for (const path of [file, join(folder, 'gone'), '.', '', null, { path: folder }])
      expect(await show(path)).toBe(false)
    expect(await opened()).toEqual([`shown: ${folder}`])
  })

  test('keeps what this desktop tells of, makes sense of it, and shows a notification to try', async () => {
    const usual = await desktop.page.evaluate('flotilla.notices()')
    expect(usual).toMatchObject({ needsYou: true, finished: false, quietFrom: '22:00' })
    const wish = JSON.stringify({ finished: true, quietFrom: 'never', unknown: 1 })
    const kept = { ...(usual as object), finished: true }
    expect(await desktop.page.evaluate(`flotilla.notices(${wish})`)).toEqual(kept)
    expect(readSettings(desktop.dataDir)).toMatchObject({ notices: kept })
    expect(await desktop.page.evaluate('flotilla.tryNotice()')).toBe(true)
    await expect.poll(() => desktop.seen(seen => seen.notifications.map(({ title }) => title))).toContain('Flotilla')
  })

  test('stays where it is when a page leads elsewhere; https opens in the browser', async () => {
    const before = desktop.page.url()
    await desktop.page.evaluate(`location.assign('https://example.invalid/elsewhere')`)
    await expect.poll(opened).toEqual(['https://example.invalid/elsewhere'])
    expect(desktop.page.url()).toBe(before)
  })

  test.each(['http://127.0.0.1:9/', 'http://localhost:9/', 'vscode://file/etc/passwd', 'flotilla://run/x'])(
    'goes nowhere for %s, and opens nothing',
    async url => {
      const before = desktop.page.url()
      await desktop.page.evaluate(`location.assign(${JSON.stringify(url)})`)
      // A page that does answer proves that the navigation was decided.
      await desktop.page.evaluate(`fetch('/healthz').then(answer => answer.status)`)
      expect(desktop.page.url()).toBe(before)
      expect(await opened()).toEqual([])
    }
  )

  test('follows no redirect that leads elsewhere', async () => {
    const away = await redirecting('http://127.0.0.1:9/away')
    expect(await loadInWindow(away.url)).toContain('ERR_ABORTED')
    await away.close()
    await loadInWindow(`${desktop.url()}/runs`)
    await desktop.page.getByRole('navigation', { name: 'Main' }).waitFor()
  })

  test('opens no second window; https goes to the browser', async () => {
    await desktop.page.evaluate(`void open('https://example.invalid/popup')`)
    await expect.poll(opened).toEqual(['https://example.invalid/popup'])
    await desktop.page.evaluate(
      `Object.assign(document.createElement('a'), { href: 'https://example.invalid/link', target: '_blank' }).click()`
    )
    await expect.poll(opened).toContain('https://example.invalid/link')
    await desktop.page.evaluate(`for (const url of ['/runs', 'data:text/html,x', 'about:blank']) void open(url)`)
    // What would open has its time while the page is asked something else.
    await desktop.page.evaluate(`fetch('/healthz').then(answer => answer.status)`)
    await expect
      .poll(() => desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length))
      .toBe(1)
    await expect.poll(() => desktop.electron.windows().length).toBe(1)
    expect(await opened()).toEqual(['https://example.invalid/popup', 'https://example.invalid/link'])
  })

  test('opens no file that is dropped on it', async () => {
    const before = desktop.page.url()
    const devTools = await desktop.electron.context().newCDPSession(desktop.page)
    const data = { items: [], files: [import.meta.filename], dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await devTools.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data })
    await desktop.page.evaluate(`fetch('/healthz').then(answer => answer.status)`)
    expect(desktop.page.url()).toBe(before)
    expect(desktop.electron.windows()).toHaveLength(1)
    await devTools.detach()
  })

  test.each(['geolocation', 'notifications', 'midi', 'clipboard-read'] as const)('refuses %s', async name => {
    const state = await desktop.page.evaluate(
      `navigator.permissions.query({ name: '${name}' }).then(result => result.state)`
    )
    expect(state).toBe('denied')
  })

  test('lets a page copy text', async () => {
    await desktop.page.bringToFront()
    await desktop.page.evaluate(`navigator.clipboard.writeText('copied')`)
  })

  test('refuses downloads that are not from us', async () => {
    await desktop.electron.evaluate(({ session }) => {
      const downloads: unknown[] = []
      Object.assign(globalThis, { downloads })
      session.defaultSession.on('will-download', (event, item) => {
        downloads.push([item.getURL().split(/[:,]/)[0], event.defaultPrevented])
        event.preventDefault()
      })
    })
    const download = (url: string) =>
      desktop.page.evaluate(
        `Object.assign(document.createElement('a'), { href: ${url}, download: 'file.txt' }).click()`
      )
    await download(`'data:text/plain,from%20nowhere'`)
    const seen = () => desktop.electron.evaluate(() => (globalThis as unknown as { downloads: unknown[] }).downloads)
    await expect.poll(seen).toEqual([['data', true]])
    await download(`URL.createObjectURL(new Blob(['ours']))`)
    await expect.poll(seen).toEqual([
      ['data', true],
      ['blob', false]
    ])
  })

  test('answers its bridge to no page but ours', async () => {
    await loadInWindow('data:text/html,<title>foreign</title>')
    await desktop.page.waitForURL(/^data:/)
    const refused = await desktop.page.evaluate(`flotilla.signIn().then(() => 'answered', String)`)
    await loadInWindow(`${desktop.url()}/runs`)
    await desktop.page.getByRole('navigation', { name: 'Main' }).waitFor()
    expect(refused).toContain('Only pages of Flotilla may ask')
  })

  test('takes its colours from the theme of the page', async () => {
    const overlay = () => desktop.seen(seen => seen.overlay)
    await desktop.page.evaluate(themeColor('#111517'))
    await expect.poll(overlay).toMatchObject({ color: '#111517', symbolColor: '#e9eced' })
    await desktop.page.evaluate(themeColor('#fbfbfa'))
    await expect.poll(overlay).toMatchObject({ color: '#fbfbfa', symbolColor: '#15191b' })
  })

  test('has a menu for the right button: copy of a selection, all of editing in a field', async () => {
    const labels = () =>
      desktop.seen(seen =>
        seen.popups.map(menu => menu.items.map(item => (item.role ?? item.label ?? '').toLowerCase()))
      )
    await desktop.page.evaluate('getSelection().selectAllChildren(document.body)')
    await desktop.page.getByRole('heading', { level: 1 }).first().click({ button: 'right' })
    await expect.poll(labels).toContainEqual(['copy'])
  })

  test('opens its menu by F10, since it has no menu bar', async () => {
    await desktop.electron.evaluate(({ BrowserWindow }) => {
      const event = { preventDefault() {} }
      BrowserWindow.getAllWindows()[0]?.webContents.emit('before-input-event', event, { type: 'keyDown', key: 'F10' })
    })
    const ids = () => desktop.seen(seen => seen.popups.map(menu => menu.getMenuItemById('new-run')?.label))
    await expect.poll(ids).toContain('New run')
  })

  test('starts a new run by the menu, without loading the page anew', async () => {
    await desktop.page.evaluate('window.stillThere = true')
    await desktop.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('new-run')?.click())
    await untilPath(desktop, '/runs/new')
    expect(await desktop.page.evaluate(`'stillThere' in window`)).toBe(true)
  })

  test('opens the page that a link names, which a second start hands over', async () => {
    const run = await desktop.plane.call(launchRun, { body: { prompt: 'linked' } })
    expect(await desktop.second([`flotilla://run/${run.id}`])).toBe(0)
    await untilPath(desktop, `/runs/${run.id}`)
  })

  test('stays where it is for a link that names no page of ours', async () => {
    const before = desktop.page.url()
    const links = ['flotilla://run/../../api/v1/runs?x=1', 'flotilla://settings/wipe', 'flotilla://run/not-an-id']
    for (const link of links) expect(await desktop.second([link])).toBe(0)
    // A wish that came later was served, so the earlier ones were as well.
    await desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
    expect(await desktop.second()).toBe(0)
    const isMinimized = () =>
      desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized())
    await expect.poll(isMinimized).toBe(false)
    expect(desktop.page.url()).toBe(before)
  })

  test('begins a new session by itself when the old one is gone', async () => {
    const [cookie] = (await desktop.electron.evaluate(({ session }) => session.defaultSession.cookies.get({}))).filter(
      ({ name }) => name.startsWith('flotilla_')
    )
    const ended = await fetch(`${desktop.url()}/api/v1/auth/logout`, {
      method: 'POST',
      headers: {
        cookie: `${cookie?.name}=${cookie?.value}`,
        'content-type': 'application/json',
        origin: desktop.url()
      },
      body: '{}'
    })
    expect(ended.status).toBe(200)
    await desktop.page.reload()
    await desktop.page.getByRole('navigation', { name: 'Main' }).waitFor()
  })
})

function themeColor(color: string): string {
  return `document.querySelector('meta[name="theme-color"]').setAttribute('content', '${color}')`
}

async function redirecting(to: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => response.writeHead(302, { location: to }).end())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    }
  }
}

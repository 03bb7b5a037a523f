import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { lockDataFolder } from '../../server/store/data-folder.ts'
import { type Headless, startHeadless } from '../kit/headless.ts'
import { temporaryFolder } from '../kit/start-app.ts'
import { findBinary } from './kit/binary.ts'
import {
  type Desktop,
  type DesktopOptions,
  environment,
  launchArgs,
  settingsFile,
  startDesktop
} from './kit/desktop.ts'

const folders: string[] = []
let desktop: Desktop | null = null
let headless: Headless | null = null

afterEach(async () => {
  await desktop?.close()
  await headless?.app.close()
  desktop = headless = null
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

function folder(): string {
  const made = temporaryFolder()
  folders.push(made)
  return made
}

/** Starts the program without waiting for a window. */
async function runProgram(dataDir: string, options: DesktopOptions): Promise<{ code: number | null; said: string }> {
  const child = spawn(findBinary().path, launchArgs(dataDir, options), { env: environment(dataDir, options) })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += chunk))
  const [code] = await once(child, 'close')
  return { code: code as number | null, said }
}

describe(`starting, on ${findBinary().words}`, () => {
  test('leaves switches of Chromium to Chromium', async () => {
    desktop = await startDesktop({ switches: ['--no-sandbox', '--ozone-platform=x11'], args: ['--lang=de'] })
    expect((await desktop.plane.request('GET', '/healthz')).status).toBe(200)
  })

  test('refuses an option that nobody knows, in one line', async () => {
    const { code, said } = await runProgram(folder(), { args: ['--prot=5000'] })
    expect(code).toBe(2)
    expect(said).toContain("Unknown option '--prot'. Try --help.")
  })

  test('refuses a taken port, in one line', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const { code, said } = await runProgram(folder(), { args: ['--port', port] })
    server.close()
    expect(code).toBe(2)
    expect(said).toContain(port)
  })

  test('begins with defaults where the settings are no JSON, and keeps the bad file beside', async () => {
    const dataDir = folder()
    mkdirSync(dirname(settingsFile(dataDir)), { recursive: true })
    writeFileSync(settingsFile(dataDir), '{"onQuit": "ke')
    desktop = await startDesktop({ dataDir })
    expect(readFileSync(`${settingsFile(dataDir)}.bad`, 'utf8')).toBe('{"onQuit": "ke')
  })

  test('takes settings of nonsense for unset, and a window comes back where it was', async () => {
    const dataDir = folder()
    mkdirSync(dirname(settingsFile(dataDir)), { recursive: true })
    const bounds = { x: 60, y: 70, width: 1100, height: 750 }
    writeFileSync(settingsFile(dataDir), JSON.stringify({ bounds, onQuit: 17, maximized: 'perhaps' }))
    desktop = await startDesktop({ dataDir })
    const found = () =>
      desktop?.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds())
    expect(await found()).toEqual(bounds)
    await desktop.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 80, y: 90, width: 1200, height: 760 })
    )
    await expect.poll(() => JSON.parse(readFileSync(settingsFile(dataDir), 'utf8')).bounds.width).toBe(1200)
  })

  test('is one, however often it is asked while the first is still starting, and goes where it was asked to', async () => {
    const dataDir = folder()
    const id = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000'
    // Somebody who is just ending still has the folder, so that the first one has to wait.
    const lock = lockDataFolder(dataDir)
    const first = startDesktop({ dataDir, keepFolder: true })
    await expect.poll(() => existsSync(`${dataDir}/desktop`)).toBe(true)
    const others = [[`flotilla://run/${id}`], []].map(args => runProgram(dataDir, { args }))
    const codes = (await Promise.all(others)).map(({ code }) => code)
    lock.release()
    desktop = await first
    expect(codes).toEqual([0, 0])
    await expect.poll(() => desktop?.page.url()).toContain(`/runs/${id}`)
    expect(desktop?.electron.windows()).toHaveLength(1)
  })

  test('shows the control plane that lives on the folder already, and leaves it living', async () => {
    headless = await startHeadless({ args: ['--no-runner'] })
    desktop = await startDesktop({ dataDir: headless.app.dataDir, keepFolder: true })
    expect(new URL(desktop.page.url()).origin).toBe(headless.app.url)
    await desktop.close()
    expect((await headless.app.request('GET', '/healthz')).status).toBe(200)
  })

  test('says so when that one is gone, and takes its place when asked', async () => {
    headless = await startHeadless({ args: ['--no-runner'] })
    const before = headless.app.url
    desktop = await startDesktop({ dataDir: headless.app.dataDir, keepFolder: true })
    await headless.kill('SIGKILL')
    await desktop.page.reload().catch(() => {})
    await desktop.page.getByRole('heading', { name: 'Flotilla stopped answering' }).waitFor()
    await desktop.page.getByRole('link', { name: 'Try again' }).click()
    await desktop.page.getByRole('navigation', { name: 'Main' }).waitFor()
    expect(desktop.url()).not.toBe(before)
    expect(new URL(desktop.page.url()).origin).toBe(desktop.url())
  })

  test.each([
    { tray: true, shown: false },
    { tray: false, shown: true }
  ])('at login stays hidden only where a tray is that could bring it back (tray: $tray)', async ({ tray, shown }) => {
    desktop = await startDesktop({ tray, args: ['--hidden'] })
    const isVisible = () =>
      desktop?.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
    await expect.poll(isVisible).toBe(shown)
    if (tray) expect(await desktop.second()).toBe(0)
    await expect.poll(isVisible).toBe(true)
  })

  test('loads a page that crashed once more, and says so when it crashes again', async () => {
    desktop = await startDesktop()
    const inWindow = (code: string) =>
      desktop?.electron.evaluate(
        ({ BrowserWindow }, script) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(script),
        code
      )
    const heading = async () => {
      // While the page is gone nothing in it can be asked.
      return inWindow(`document.querySelector('nav, h1')?.textContent ?? ''`)?.catch(() => '')
    }
    const crash = () =>
      desktop?.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
      )
    await crash()
    await expect.poll(heading).toContain('Runs')
    await crash()
    await expect.poll(heading).toBe('This window crashed twice')
  })
})

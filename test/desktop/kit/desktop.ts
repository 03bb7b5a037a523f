import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { findTool } from '../../kit/needs.ts'
import { type App, speakTo, temporaryFolder } from '../../kit/start-app.ts'
import { appFolder, findBinary, packedFolder } from './binary.ts'
import type { Seen } from './seen.ts'

const spy = join(import.meta.dirname, 'spy.cjs')

/** A whole desktop: main process, preload and pages, on a folder of its own. */
export interface Desktop {
  electron: ElectronApplication
  page: Page
  dataDir: string
  home: string
  /** Its control plane, by HTTP. */
  plane: Pick<App, 'request' | 'call'>
  url(): string
  /** What the app told the system so far. */
  seen<Result>(read: (seen: Seen) => Result): Promise<Result>
  /** All that it printed. */
  said(): string
  /** Starts the program once more with the same folder; resolves to its exit code. */
  second(args?: string[]): Promise<number | null>
  /** Resolves to the exit code once the app has ended. */
  ended: Promise<number | null>
  /** Ends it, whatever state it is in, and removes its folder. */
  close(): Promise<void>
}

export interface DesktopOptions {
  args?: string[]
  /** Before the folder of the app, where Chromium's switches may stand. */
  switches?: string[]
  env?: Record<string, string>
  /** Whether the session shows tray icons. */
  tray?: boolean
  runner?: boolean
  dataDir?: string
  /** Leave the folder when it closes, for the next one. */
  keepFolder?: boolean
}

export async function startDesktop(options: DesktopOptions = {}): Promise<Desktop> {
  const dataDir = options.dataDir ?? temporaryFolder()
  const home = join(dataDir, 'home')
  mkdirSync(home, { recursive: true })
  const env = environment(home, options)
  const args = [...launchArgs(dataDir, options)]
  const electron = await _electron.launch({ executablePath: findBinary().path, args, env, timeout: 40_000 })
  const child = electron.process()
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (printed += chunk))
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const file = join(dataDir, 'control-plane.json')
  const whereabouts = () => JSON.parse(readFileSync(file, 'utf8')) as { url: string; ownerToken: string }
  const page = await firstPage(electron)
  return {
    electron,
    page,
    dataDir,
    home,
    plane: speakTo(whereabouts),
    url: () => whereabouts().url,
    seen: read => electron.evaluate(readSeen, read.toString()) as Promise<ReturnType<typeof read>>,
    said: () => printed,
    second: more => runToEnd(launchArgs(dataDir, { ...options, args: more ?? [] }), env),
    ended,
    async close() {
      await end(child, ended)
      if (!options.keepFolder) rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    }
  }
}

export function launchArgs(dataDir: string, { args = [], switches = [], runner = false }: DesktopOptions): string[] {
  const ours = ['--port', '0', '--data-dir', dataDir, ...(runner ? [] : ['--no-runner']), ...args]
  return packedFolder === null ? [...switches, '-r', spy, appFolder, ...ours] : [...switches, ...ours]
}

/** Only what it needs: nothing of the machine's own sign-ins and sessions may leak in. */
export function environment(home: string, { tray = false, env = {} }: DesktopOptions): Record<string, string> {
  const bin = join(home, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'gdbus'), `#!/bin/sh\necho '(${tray},)'\n`, { mode: 0o755 })
  return {
    PATH: `${bin}:${process.env.PATH ?? ''}`,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    SHELL: '/bin/sh',
    DISPLAY: process.env.DISPLAY ?? '',
    ...(packedFolder === null
      ? { FLOTILLA_NODE: process.execPath }
      : { STAND_IN_PACKED: packedFolder, STAND_IN_REQUIRE: spy }),
    FLOTILLA_TEST_CHROMIUM: findTool('chromium') ?? '',
    FLOTILLA_RUNNER_IDLE_SECONDS: '3',
    ...env
  }
}

async function firstPage(electron: ElectronApplication): Promise<Page> {
  const page = await electron.firstWindow({ timeout: 40_000 })
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\//, { timeout: 40_000 })
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
  return page
}

/** Runs in the app. The reader comes as text, since functions do not cross over. */
function readSeen(_electron: unknown, read: string): unknown {
  const { flotillaSeen } = globalThis as unknown as { flotillaSeen: unknown }
  return new Function('seen', `return (${read})(seen)`)(flotillaSeen)
}

async function runToEnd(args: string[], env: Record<string, string>): Promise<number | null> {
  const child = spawn(findBinary().path, args, { env, stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  return code as number | null
}

/** A quit that asks would wait for ever: a signal asks nothing, and a kill not even that. */
async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await ended
  clearTimeout(timer)
}

/** Paths that the window shows, one after the other, until it is the wanted one. */
export async function untilPath(desktop: Desktop, path: string): Promise<void> {
  await expect.poll(() => new URL(desktop.page.url()).pathname).toBe(path)
}

export function settingsFile(dataDir: string): string {
  return join(dataDir, 'desktop', 'settings.json')
}

export function readSettings(dataDir: string): Record<string, unknown> {
  return existsSync(settingsFile(dataDir)) ? JSON.parse(readFileSync(settingsFile(dataDir), 'utf8')) : {}
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from './app.ts'
import { chromium } from './chromium.ts'
import { makeEvent } from './event.ts'
import { hearDownloads } from './session.ts'
import { state } from './state.ts'

/**
 * Starts an app as Electron does: `electron [switches] [-r module] folder [arguments]`. STAND_IN_PACKED names the folder of a
 * packaged one, with its code in `resources/app`; such a one takes no modules, so STAND_IN_REQUIRE names one.
 */
const given = process.argv.slice(2)
const packed = process.env.STAND_IN_PACKED
const { modules, folder } = packed ? { modules: modulesIn(given), folder: join(packed, 'resources/app') } : read(given)

process.argv = [process.argv[0] ?? '', ...given]
// Code that comes through the inspector finds Electron by it.
const require = createRequire(import.meta.url)
Object.assign(globalThis, { require })
Object.assign(process, {
  defaultApp: packed ? undefined : true,
  resourcesPath: packed ? join(packed, 'resources') : import.meta.dirname
})
const packageJson = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
state.started = { package: packageJson, appPath: folder, packaged: packed !== undefined }

for (const module of [...modules, ...(process.env.STAND_IN_REQUIRE ? [process.env.STAND_IN_REQUIRE] : [])])
  require(module)
await startChromium()
// A top-level await of the app holds back 'ready', as in Electron.
await import(pathToFileURL(join(folder, packageJson.main)).href)
state.ready.announce()
app.emit('will-finish-launching')
app.emit('ready', makeEvent(), {})

function read(argv: string[]): { modules: string[]; folder: string } {
  const isValue = (index: number) => argv[index - 1] === '-r'
  const folder = argv.find((argument, index) => !argument.startsWith('-') && !isValue(index))
  if (folder === undefined) throw new Error('Say which app to start')
  return { modules: modulesIn(argv), folder: resolve(folder) }
}

function modulesIn(argv: string[]): string[] {
  return argv.filter((_argument, index) => argv[index - 1] === '-r')
}

async function startChromium(): Promise<void> {
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    console.error('Missing X server or $DISPLAY\nThe platform failed to initialize.  Exiting.')
    process.exit(1)
  }
  const profile = mkdtempSync(join(tmpdir(), 'stand-in-'))
  process.on('exit', () => rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }))
  await chromium.launch(profile, switches())
  await hearDownloads()
  chromium.on('gone', () => {
    if (state.quitting) return
    console.error('Chromium went away')
    process.exit(1)
  })
  // An app that listens for itself has taken the place of Electron's own handler.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => process.listenerCount(signal) === 1 && app.quit())
  // Playwright waits for this line, which Electron prints too.
  console.error(`\nDevTools listening on ${chromium.url}`)
}

/** Playwright decides about itself what it needs of these; what would move the profile or the port is ours. */
function switches(): string[] {
  return [...state.switches]
    .filter(([name]) => !/^(remote-debugging|password-store|use-mock|user-data-dir)/.test(name))
    .map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`))
}

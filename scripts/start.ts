import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sortArguments } from '../main/arguments.ts'
import { ConfigError, loadInvocation } from '../server/config.ts'
import { build } from './build.ts'
import { findElectron } from './electron-binary.ts'
import { type ChildEnd, startChild } from './run-child.ts'

const root = dirname(import.meta.dirname)
const serverFile = join(root, 'out/server/main.js')

/** A desktop that ends badly this soon never came up: no sandbox, a missing library, no permission for the display. */
const cameUpAfterMs = 5000

/** Exit code of a start that failed for a reason which headless would meet as well; it was printed. */
const refused = 2

async function start(args: string[]): Promise<number> {
  const command = readCommand(args)
  if (command === null) return 1
  if (!(await build())) return 1
  // The other commands talk to the terminal and never open a window.
  if (command !== 'serve') return (await headless(args)).code
  const desktop = await findDesktop(args)
  if ('electron' in desktop) {
    const env = { ...process.env, FLOTILLA_NODE: pinnedNode() }
    const end = await startChild(desktop.electron, [root, ...args], { env }).ended
    if (end.code === refused) return 1
    if (!neverCameUp(end)) return end.code
    console.log(`Starting without a window: Electron ended with code ${end.code}.`)
  } else if (desktop.reason) {
    console.log(`Starting without a window: ${desktop.reason}.`)
  }
  return (await headless(args)).code
}

function readCommand(args: string[]): string | null {
  try {
    return loadInvocation(sortArguments(args).options).command
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    return null
  }
}

function neverCameUp(end: ChildEnd): boolean {
  return end.code !== 0 && end.afterMs < cameUpAfterMs && !end.asked
}

async function findDesktop(args: string[]): Promise<{ electron: string } | { reason: string | null }> {
  if (args.includes('--headless') || process.env.FLOTILLA_HEADLESS === '1') return { reason: null }
  if (!hasDisplay()) return { reason: 'there is no display' }
  const binary = await findElectron()
  return 'path' in binary ? { electron: binary.path } : { reason: binary.missing }
}

function hasDisplay(): boolean {
  if (process.platform === 'win32' || process.platform === 'darwin') return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** Without a window there is no Chromium that its switches could be meant for, and no page for a link. */
function headless(args: string[]): Promise<ChildEnd> {
  return startChild(pinnedNode(), [serverFile, ...sortArguments(args).options]).ended
}

/** The Node that package.json pins, whichever one runs this script. */
function pinnedNode(): string {
  const file = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(file) ? file : process.execPath
}

process.exitCode = await start(process.argv.slice(2))

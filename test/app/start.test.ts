import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

let folder: string
let dataDir: string
const started: Started[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-start-'))
  dataDir = join(folder, 'data')
})

afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGTERM')
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
})

interface Started {
  child: ChildProcess
  ended: Promise<number | null>
  /** All that it printed so far. */
  said(): string
  /** Waits until it printed this. */
  says(text: string): Promise<void>
}

function start(args: string[], env: Record<string, string> = {}): Started {
  return follow(
    process.execPath,
    ['scripts/start.ts', '--port', '0', '--data-dir', dataDir, '--no-runner', ...args],
    env
  )
}

function follow(file: string, args: string[], env: Record<string, string>): Started {
  const child = spawn(file, args, {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      printed += chunk
      child.emit('said')
    })
  const one: Started = {
    child,
    ended: once(child, 'close').then(([code]) => code as number | null),
    said: () => printed,
    async says(text) {
      while (!printed.includes(text)) {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} and printed: ${printed}`)
        await Promise.race([once(child, 'said'), once(child, 'exit')])
      }
    }
  }
  started.push(one)
  return one
}

/** A program in the place of Electron. */
function electron(script: string): Record<string, string> {
  writeFileSync(join(folder, 'electron'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: folder }
}

const ready = 'Flotilla is ready at http://127.0.0.1:'

describe('npm start', () => {
  test('without a display says so, runs headless, and ends with 0 at a signal', async () => {
    const one = start([])
    await one.says(ready)
    expect(one.said()).toContain('Starting without a window: there is no display.\n')
    one.child.kill('SIGTERM')
    expect(await one.ended).toBe(0)
    expect(existsSync(join(dataDir, 'control-plane.json'))).toBe(false)
  })

  test('headless when asked, without a reason, even where a window could be', async () => {
    const one = start(['--headless'], electron('exit 1'))
    await one.says(ready)
    expect(one.said()).not.toContain('Starting without')
  })

  test('a signal that terminal and npm both pass on is one signal', async () => {
    const one = start(['--headless'])
    await one.says(ready)
    one.child.kill('SIGINT')
    one.child.kill('SIGTERM')
    expect(await one.ended).toBe(0)
  })

  test('ends with npm, which a SIGTERM kills before it can tell', async () => {
    const args = ['start', '--', '--headless', '--port', '0', '--data-dir', dataDir, '--no-runner']
    const one = follow('npm', args, {})
    await one.says(ready)
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'control-plane.json'), 'utf8'))
    one.child.kill('SIGTERM')
    await expect.poll(() => isAlive(pid)).toBe(false)
    expect(existsSync(join(dataDir, 'control-plane.json'))).toBe(false)
  })

  test('opens the desktop with the options, where Electron and a display are, and passes its exit code on', async () => {
    const one = start(['--stop-agents'], electron('echo "electron got $*"'))
    expect(await one.ended).toBe(0)
    expect(one.said()).toBe(`electron got ${root} --port 0 --data-dir ${dataDir} --no-runner --stop-agents\n`)
  })

  test('falls back to headless when Electron does not come up', async () => {
    const one = start([], electron('exit 127'))
    await one.says(ready)
    expect(one.said()).toContain('Starting without a window: Electron ended with code 127.\n')
  })

  test('does not try headless after the desktop refused with a reason', async () => {
    const one = start([], electron('echo no; exit 2'))
    expect(await one.ended).toBe(1)
    expect(one.said()).toBe('no\n')
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('npm start refuses in one line', () => {
  test('an unknown option', async () => {
    const one = start(['--prot', '1'])
    expect(await one.ended).toBe(1)
    expect(one.said()).toBe("Unknown option '--prot'. Try --help.\n")
  })

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const one = start(['--headless', '--port', String(port)])
    expect(await one.ended).toBe(1)
    expect(one.said()).toMatch(/^Port \d+ is taken by another program\.[^\n]*\n$/)
    other.close()
  })
})

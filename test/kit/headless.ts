import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { App } from './start-app.ts'
import { noEngine, speakTo, temporaryFolder } from './start-app.ts'

const own = join(import.meta.dirname, '../..')

/** The control plane as its users start it without a window: a process of its own, built, that can be killed. */
export interface Headless {
  app: App
  process: ChildProcess
  /** What it printed, line by line. */
  output: string[]
  /** The one-time link that it printed. */
  link: string
  /** Sends a signal; resolves to the exit code, or the signal that ended it. */
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>
  /** Starts another one on the same folder. */
  again(): Promise<Headless>
}

export interface HeadlessOptions {
  /** Folder of the program, built; this one. */
  program?: string
  dataDir?: string
  args?: string[]
  env?: Record<string, string>
}

/** Only what it needs: nothing of the machine's own sign-ins may leak into a test. */
function cleanEnv(more: Record<string, string>): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', SHELL: '/bin/sh', ...more }
}

export function spawnHeadless(options: HeadlessOptions & { dataDir: string }): ChildProcess {
  const entry = join(options.program ?? own, 'out/server/main.js')
  return spawn(process.execPath, [entry, '--port', '0', '--data-dir', options.dataDir, ...(options.args ?? [])], {
    env: cleanEnv({ ...noEngine(options.dataDir), ...options.env }),
    stdio: ['ignore', 'pipe', 'pipe']
  })
}

export async function startHeadless(options: HeadlessOptions = {}): Promise<Headless> {
  const dataDir = options.dataDir ?? temporaryFolder()
  const child = spawnHeadless({ ...options, dataDir })
  const output: string[] = []
  const link = await new Promise<string>((resolve, reject) => {
    const hear = (line: string) => {
      output.push(line)
      const ready = /^Flotilla is ready at (\S+)$/.exec(line)?.[1]
      if (ready) resolve(ready)
    }
    for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', hear)
    child.once('exit', code => reject(new Error(`it ended with ${code}: ${output.join('\n')}`)))
  })
  const { url, ownerToken } = JSON.parse(readFileSync(join(dataDir, 'control-plane.json'), 'utf8'))
  async function kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode
    const ended = once(child, 'exit')
    child.kill(signal)
    const [code, by] = (await ended) as [number | null, NodeJS.Signals | null]
    return code ?? by
  }
  const app: App = {
    ...speakTo(() => ({ url, ownerToken })),
    url,
    ownerToken,
    dataDir,
    loginLink: () => link,
    restart: () => Promise.reject(new Error('use again()')),
    async close() {
      await kill('SIGTERM')
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    }
  }
  return { app, process: child, output, link, kill, again: () => startHeadless({ ...options, dataDir }) }
}

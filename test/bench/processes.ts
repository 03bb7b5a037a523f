import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'

export const root = join(import.meta.dirname, '../..')
export const cache = join(root, '.cache', 'bench')

/** What another process runs, as plain JavaScript: stripping types at its start would be a cost that is not the floor's. */
export function program(file: string): string {
  const folder = join(cache, 'programs')
  mkdirSync(folder, { recursive: true })
  const stripped = join(folder, basename(file).replace(/\.ts$/, '.mjs'))
  writeFileSync(stripped, stripTypeScriptTypes(readFileSync(join(import.meta.dirname, file), 'utf8')))
  return stripped
}

const started = new Set<ChildProcess>()

/** A line that breaks leaves nothing behind. */
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL')
})

function kept(child: ChildProcess): ChildProcess {
  started.add(child)
  child.once('exit', () => started.delete(child))
  return child
}

export interface Server {
  process: ChildProcess
  /** From the start of the process to its line. */
  readyMs: number
  url: string
}

export interface ServerOptions {
  args: readonly string[]
  env?: Record<string, string>
  /** Opens a channel for `ask`. */
  channel?: boolean
}

/** Starts a Node process that prints its URL when it listens. */
export async function startServer({ args, env = {}, channel = false }: ServerOptions): Promise<Server> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', SHELL: '/bin/sh', ...env },
    stdio: ['ignore', 'pipe', 'inherit', ...(channel ? (['ipc'] as const) : [])]
  })
  kept(child)
  if (child.stdout === null) throw new Error('a process without output')
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0]
    if (url === undefined) continue
    child.stdout.resume()
    return { process: child, readyMs: performance.now() - startedAt, url }
  }
  throw new Error(`${args.join(' ')} ended before it listened`)
}

/** The control plane, built, without its own runner unless one is asked for. */
export function startOurs(
  dataDir: string,
  options: Partial<ServerOptions> & { runner?: boolean } = {}
): Promise<Server> {
  const { args = [], runner = false, ...rest } = options
  const entry = join(root, 'out', 'server', 'main.js')
  const own = ['--port', '0', '--data-dir', dataDir, ...(runner ? [] : ['--no-runner'])]
  return startServer({ args: [...args, entry, ...own], ...rest })
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** Sends a question to a process and takes its next answer. */
export async function ask<Answer>(child: ChildProcess, question: object): Promise<Answer> {
  const answer = once(child, 'message', { signal: AbortSignal.timeout(120_000) })
  child.send(question)
  return (await answer)[0] as Answer
}

/** Starts a program that answers over a channel. */
export function startProgram(file: string, args: readonly string[] = []): ChildProcess {
  return kept(spawn(process.execPath, [program(file), ...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }))
}

/** Time that all threads of a process have computed, in ms. Linux only. */
export function cpuMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map(thread => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, nanoseconds) => sum + nanoseconds / 1e6, 0)
}

/** Resident memory of a process, in MB. Linux only. */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { homedir, tmpdir, userInfo } from 'node:os'
import { basename, join } from 'node:path'
import { listProcesses } from '../places/host/processes.ts'
import type { Environment } from './environment.ts'

/** `problem`: words for a person, a sentence that begins with the shell. */
export type ShellReading = { env: Environment } | { problem: string }

export interface ShellOptions {
  /** The login shell, absolute. */
  shell: string
  env: Environment
  limitMs: number
}

/** What a shell's start files may look at, to leave out what only a terminal can use. */
const noticed = { FLOTILLA_READS_ENVIRONMENT: '1', VSCODE_RESOLVING_ENVIRONMENT: '1' }
const maxAnswerBytes = 8 * 1024 * 1024
/** Between the end of the shell and an answer that is still on its way. */
const trailingMs = 500
/** A shell that has answered gets this long to end by itself. */
const leavingMs = 5000

/** The shell of this user; null where they have none, as service users do. */
export function loginShell(env: Environment): string | null {
  const shell = env.SHELL || userInfo().shell
  return !shell || /(^|\/)(false|nologin)$/.test(shell) ? null : shell
}

/**
 * The environment that a terminal with this shell would have. What start files may do is without bound: print, keep
 * output open, start daemons, replace the shell, exit, hang. So the answer comes over a socket of its own and the reading
 * ends with it, whatever else goes on; a shell that took the place of the first one finds the same command on its stdin.
 * Never throws.
 */
export async function readLoginShell(options: ShellOptions): Promise<ShellReading> {
  let folder: string | null = null
  try {
    folder = mkdtempSync(join(tmpdir(), 'flotilla-shell-'))
    return await ask(options, folder)
  } catch (error) {
    return { problem: `${options.shell} cannot be asked: ${error instanceof Error ? error.message : String(error)}` }
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true })
  }
}

async function ask({ shell, env, limitMs }: ShellOptions, folder: string): Promise<ShellReading> {
  const result = Promise.withResolvers<ShellReading>()
  const ear = await listen(join(folder, 'ear'), heard => result.resolve({ env: withoutOwn(heard, env) }))
  const child = spawn(shell, argumentsFor(shell, tellingCommand(folder)), {
    cwd: folderFor(env),
    env: { ...env, ...noticed },
    stdio: ['pipe', 'ignore', 'ignore'],
    // Interactive shells reach for the terminal; in a session of its own there is none to take.
    detached: true
  })
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  child.stdin.on('error', () => {})
  child.stdin.end(`${tellingCommand(folder)}\n`)
  child.once('error', error => result.resolve({ problem: `${shell} cannot be started: ${error.message}` }))
  const trailing = Promise.withResolvers<NodeJS.Timeout>()
  child.once('exit', (code, signal) => {
    const end = signal === null ? `exit code ${code}` : signal
    const problem = `${shell} ended (${end}) before it was ready: something in its start files exits or replaces it`
    trailing.resolve(setTimeout(() => result.resolve({ problem }), trailingMs))
  })
  const limit = setTimeout(() => {
    result.resolve({ problem: `${shell} was not ready after ${seconds(limitMs)}: something in its start files hangs` })
  }, limitMs)
  const reading = await result.promise
  clearTimeout(limit)
  void trailing.promise.then(clearTimeout)
  ear.close()
  if (child.pid !== undefined) void endShell(child.pid, ended, 'env' in reading ? leavingMs : 0)
  return reading
}

/** A terminal begins there, and start files may depend on it. */
function folderFor(env: Environment): string | undefined {
  const home = env.HOME ?? homedir()
  return existsSync(home) ? home : undefined
}

/** Written to files, so that the one line that the user's shell must understand needs no quoting in any shell. */
function tellingCommand(folder: string): string {
  const file = join(folder, 'tell')
  if (existsSync(file)) return `/bin/sh ${file}`
  // What start files give to Node may keep ours from starting, and is part of the answer.
  const code = `
    const { FLOTILLA_NODE_OPTIONS, ...env } = process.env
    if (FLOTILLA_NODE_OPTIONS) env.NODE_OPTIONS = FLOTILLA_NODE_OPTIONS
    else delete env.NODE_OPTIONS
    require("node:net").connect(process.argv[1]).on("error", () => {}).end(JSON.stringify(env))`
  const command = [process.execPath, '-e', code, join(folder, 'ear')].map(quoted).join(' ')
  writeFileSync(file, `FLOTILLA_NODE_OPTIONS=\${NODE_OPTIONS-} NODE_OPTIONS= exec ${command}\n`, { mode: 0o600 })
  return `/bin/sh ${file}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function argumentsFor(shell: string, command: string): string[] {
  const name = basename(shell)
  // These take their login flag only alone.
  if (/^t?csh$/.test(name)) return ['-ic', command]
  if (name === 'pwsh') return ['-Login', '-Command', command]
  return ['-ilc', command]
}

function listen(path: string, onHeard: (env: Environment) => void): Promise<{ close(): void }> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    const pieces: Buffer[] = []
    let bytes = 0
    socket.on('error', () => {})
    socket.on('data', piece => {
      bytes += piece.length
      if (bytes > maxAnswerBytes) socket.destroy()
      else pieces.push(piece)
    })
    socket.on('end', () => {
      const env = parse(Buffer.concat(pieces).toString('utf8'))
      if (env !== null) onHeard(env)
    })
  })
  function close(): void {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => resolve({ close }))
  })
}

/** Null: cut off in the middle. */
function parse(text: string): Environment | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Without what belongs to the reading itself. */
function withoutOwn(heard: Environment, before: Environment): Environment {
  const { _: _last, PWD: _pwd, OLDPWD: _oldPwd, ...env } = heard
  for (const name of Object.keys(noticed)) if (!(name in before)) delete env[name]
  return env
}

/** Ends what the reading started and did not end by itself. What went into a session of its own is the user's: it stays. */
async function endShell(pid: number, ended: Promise<void>, afterMs: number): Promise<void> {
  const timer = Promise.withResolvers<boolean>()
  const waiting = setTimeout(timer.resolve, afterMs, false).unref()
  const left = await Promise.race([ended.then(() => true), timer.promise])
  clearTimeout(waiting)
  if (left && afterMs > 0) return
  const entries = await listProcesses().catch(() => [])
  for (const entry of entries) if (entry.session === pid || entry.group === pid) kill(entry.pid)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Ended by itself.
  }
}

function seconds(ms: number): string {
  return ms < 60_000 ? `${ms / 1000} s` : `${Math.round(ms / 60_000)} min`
}

import { spawn } from 'node:child_process'
import { devNull, homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Environment } from '../machine/environment.ts'

/** Processes of git that one runner has at a time; more wait for their turn. */
const mostAtOnce = 4
const limitMs = 60_000
/** From being asked to end to being ended: git takes its lock files away meanwhile. */
const politeMs = 1000
const mostOutput = 64 * 1024 * 1024
const keptWords = 2000

/**
 * What a repository could have git start, switched off: monitors, hooks, external diffs, pagers, signing, helpers that ask for
 * passwords, upkeep in the background, and all of the network. Nobody trusted it only because an agent works there.
 */
const hardened = [
  'core.fsmonitor=false',
  `core.hooksPath=${devNull}`,
  'core.untrackedCache=false',
  'core.pager=cat',
  'core.sshCommand=false',
  'core.alternateRefsCommand=false',
  'credential.helper=',
  'commit.gpgSign=false',
  'diff.external=',
  'diff.ignoreSubmodules=dirty',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.allow=never',
  'submodule.recurse=false'
].flatMap(setting => ['-c', setting])

const always = ['--no-pager', ...hardened]

/** What git said when it did not do what it was asked. */
export class GitFault extends Error {
  override name = 'GitFault'
  readonly exitCode: number | null
  constructor(message: string, exitCode: number | null) {
    super(message)
    this.exitCode = exitCode
  }
}

/** There is no git where agents run. */
export class NoGit extends Error {
  override name = 'NoGit'
}

export interface GitCall {
  cwd: string
  /** `GIT_DIR` and its like. */
  env?: Environment
  input?: Buffer | string
  signal?: AbortSignal | undefined
}

/** The one way to git. It asks nothing, waits for nobody, starts nothing else and changes no index by the way. */
export class Git {
  private readonly environment: () => Promise<Environment>
  private readonly waiting: (() => void)[] = []
  private running = 0

  constructor(environment: () => Promise<Environment>) {
    this.environment = environment
  }

  /** Where the settings of its user lie. */
  async home(): Promise<{ home: string; settings: string }> {
    const { HOME, XDG_CONFIG_HOME } = await this.environment()
    const home = HOME || homedir()
    return { home, settings: join(XDG_CONFIG_HOME || join(home, '.config'), 'git') }
  }

  /** Runs it to its end. Throws GitFault where it fails, in its own words, and NoGit. */
  async run(args: readonly string[], call: GitCall): Promise<Buffer> {
    const env = { ...gitEnvironment(await this.environment()), ...call.env }
    await this.turn()
    try {
      return await runToEnd(args, { ...call, env })
    } finally {
      this.running--
      this.waiting.shift()?.()
    }
  }

  /** What it prints, without the newline at its end. */
  async line(args: readonly string[], call: GitCall): Promise<string> {
    return (await this.run(args, call)).toString('utf8').replace(/\n$/, '')
  }

  private async turn(): Promise<void> {
    while (this.running >= mostAtOnce) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.waiting.push(resolve)
      await promise
    }
    this.running++
  }
}

/** Nothing of git's own that the environment says, and no program from a folder that depends on where one stands. */
function gitEnvironment(env: Environment): Environment {
  const kept = Object.entries(env).filter(([name]) => !/^GIT_/i.test(name) && !/^(SSH|SUDO)_ASKPASS$/i.test(name))
  const safe = kept.map(([name, value]) => [name, name.toUpperCase() === 'PATH' ? absolutePath(value) : value] as const)
  return {
    ...Object.fromEntries(safe),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1'
  }
}

function absolutePath(path: string): string {
  return path
    .split(delimiter)
    .filter(folder => isAbsolute(folder))
    .join(delimiter)
}

function runToEnd(args: readonly string[], call: GitCall & { env: Environment }): Promise<Buffer> {
  const { cwd, env, input, signal } = call
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const child = spawn('git', [...always, ...args], { cwd, env, stdio: 'pipe', windowsHide: true })
  const pieces: Buffer[] = []
  let bytes = 0
  let words = ''
  let killing: NodeJS.Timeout | undefined
  let why: string | null = null

  function stop(reason: string): void {
    if (why !== null) return
    why = reason
    child.kill('SIGTERM')
    killing = setTimeout(() => child.kill('SIGKILL'), politeMs)
  }

  const timer = setTimeout(() => stop(`git ${args[0]} was not done within ${limitMs / 1000} s`), limitMs)
  const abort = () => stop(`git ${args[0]} was stopped`)
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted) abort()
  child.stdout.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > mostOutput) return stop(`git ${args[0]} prints more than ${mostOutput >> 20} MiB`)
    pieces.push(piece)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-keptWords)
  })
  // What it does not read it says by its exit.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  child.once('error', error => {
    const missing = 'code' in error && error.code === 'ENOENT'
    finish(() => reject(missing ? new NoGit('git was not found on the PATH of the runner') : error))
  })
  child.once('close', code => {
    finish(() => {
      if (why !== null) reject(new GitFault(why, null))
      else if (code === 0) resolve(Buffer.concat(pieces))
      else reject(new GitFault(lastWords(words) || `git ${args[0]} failed (${code})`, code))
    })
  })

  function finish(settle: () => void): void {
    clearTimeout(timer)
    clearTimeout(killing)
    signal?.removeEventListener('abort', abort)
    settle()
  }
  return promise
}

/** The complaint itself stands at the end, below hints and warnings. */
function lastWords(words: string): string {
  const lines = words.split('\n').filter(line => line.trim() !== '' && !line.startsWith('hint:'))
  const complaint = lines.findLast(line => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? ''
  return complaint.replace(/^(fatal|error): /, '').slice(0, 500)
}

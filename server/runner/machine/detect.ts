import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { FoundRuntime } from '../places/place.ts'
import { type Cli, describe, type Runtime } from '../runtimes/runtime.ts'
import { type Environment, paths } from './environment.ts'
import { signedIn } from './sign-in.ts'

/** Some take seconds to say it, and many at once on a busy machine take longer. */
const versionLimitMs = 30_000

/** How to get a CLI that is not there. */
export function installCommand(cli: Cli): string {
  return `npm install -g ${cli.install.package}@${cli.install.major}`
}

interface Detected {
  report: FoundRuntime
  /** Of the file that was asked for its version. */
  mark: string | null
}

/** Looks for the CLI of a runtime, its version and its sign-in. */
export async function detectRuntime(runtime: Runtime, env: Environment, ownVersion: string): Promise<Detected> {
  const { cli } = runtime
  if (cli === null) {
    const version = runtime.kind === 'practice' ? ownVersion : null
    const found = { path: null, version, detail: null, signedIn: 'not_needed', installable: false } as const
    return { report: { ...describe(runtime), ...found, state: 'ready' }, mark: null }
  }
  const path = await findProgram(cli.names, env)
  // Before it is asked: a file that is put in its place meanwhile is not the one that answered.
  const mark = await fileMark(path)
  return { report: { ...describe(runtime), installable: true, path, ...(await look(cli, path, env)) }, mark }
}

type Looked = Pick<FoundRuntime, 'state' | 'version' | 'signedIn' | 'detail'>

async function look(cli: Cli, path: string | null, env: Environment): Promise<Looked> {
  const report: Looked = { state: 'ready', version: null, signedIn: 'unknown', detail: null }
  if (path === null) return { ...report, state: 'missing', detail: `Not found. Install it: ${installCommand(cli)}` }

  const [version, signIn] = await Promise.all([readVersion(path, { ...env, ...cli.env }), signedIn(cli.signIn, env)])
  if ('problem' in version) return { ...report, state: 'broken', detail: version.problem, signedIn: signIn }
  const known = { ...report, version: version.version, signedIn: signIn }
  if (isOlder(version.version, cli.minimumVersion)) {
    const detail = `Version ${version.version} is too old, ${cli.minimumVersion} is needed: ${installCommand(cli)}`
    return { ...known, state: 'too_old', detail }
  }
  return signIn === 'no' ? { ...known, state: 'not_signed_in', detail: cli.signIn.how(path) } : known
}

/** The first executable of one of these names on the PATH. */
export async function findProgram(names: readonly string[], env: Environment): Promise<string | null> {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : ['']
  for (const folder of paths(env)) {
    for (const name of names) {
      for (const ending of endings) {
        const file = join(folder, name + ending)
        if (await isProgram(file)) return file
      }
    }
  }
  return null
}

/** Differs when a file was replaced or written; links are followed. */
export async function fileMark(path: string | null): Promise<string | null> {
  if (path === null) return null
  return await stat(path).then(
    ({ dev, ino, size, mtimeMs }) => [dev, ino, size, mtimeMs].join(),
    () => null
  )
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}

async function readVersion(file: string, env: Environment): Promise<{ version: string } | { problem: string }> {
  const shell = /\.(cmd|bat)$/i.test(file)
  try {
    const { stdout } = await promisify(execFile)(shell ? `"${file}"` : file, ['--version'], {
      env,
      shell,
      timeout: versionLimitMs,
      windowsHide: true
    })
    const version = /\d+\.\d+\.\d+[\w.-]*/.exec(stdout)?.[0]
    return version === undefined ? { problem: `\`${file} --version\` says no version` } : { version }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return { problem: `\`${file} --version\` failed: ${words.slice(0, 1000)}` }
  }
}

export function isOlder(version: string, minimum: string): boolean {
  const [a, b] = [version, minimum].map(text => text.split(/[.-]/).map(part => Number.parseInt(part, 10) || 0))
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

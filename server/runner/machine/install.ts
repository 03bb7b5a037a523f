import { spawn } from 'node:child_process'
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createLineReader } from '../execution/lines.ts'
import type { Cli } from '../runtimes/runtime.ts'
import { findProgram } from './detect.ts'
import type { Environment } from './environment.ts'

export interface InstallOptions {
  cli: Cli
  runtimeId: string
  dataDir: string
  env: Environment
  /** Environment of this process: npm's own settings in it are the user's. */
  ownEnv: Environment
  onProgress(line: string): void
}

const limitMs = 15 * 60_000
const temporary = '.installing-'

/**
 * Installs a CLI from npm into `<dataDir>/clis/<runtime>`. It is made in a folder of its own and moved there when it is
 * whole, so that an interrupted installation leaves nothing half. Throws with npm's own words.
 */
export async function installCli(options: InstallOptions): Promise<void> {
  const { cli, runtimeId, dataDir, env } = options
  const npm = await findProgram(['npm'], env)
  if (npm === null) throw new Error('npm is not on the PATH. Install Node.js with npm, then try again.')
  const clis = join(dataDir, 'clis')
  const target = join(clis, runtimeId)
  const made = join(clis, `${temporary}${runtimeId}`)
  await rm(made, { recursive: true, force: true })
  await mkdir(made, { recursive: true })
  try {
    await runNpm(npm, made, options)
    const bin = cli.names[0] ?? runtimeId
    await access(join(made, 'node_modules', '.bin', process.platform === 'win32' ? `${bin}.cmd` : bin)).catch(() => {
      throw new Error(`${cli.install.package} was installed but brought no program \`${bin}\``)
    })
    await rm(target, { recursive: true, force: true })
    await rename(made, target)
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

/** Takes away what an interrupted installation left. */
export async function removeLeftovers(dataDir: string): Promise<void> {
  const clis = join(dataDir, 'clis')
  const names = await readdir(clis).catch(() => [])
  const left = names.filter(name => name.startsWith(temporary))
  await Promise.all(left.map(name => rm(join(clis, name), { recursive: true, force: true })))
}

function runNpm(npm: string, folder: string, { cli, env, ownEnv, onProgress }: InstallOptions): Promise<void> {
  const wanted = `${cli.install.package}@${cli.install.major}`
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-audit',
    '--no-fund',
    '--loglevel',
    'http',
    '--fetch-retry-maxtimeout',
    '10000',
    wanted
  ]
  const npmSettings = Object.entries(ownEnv).filter(([name]) => name.startsWith('npm_config_'))
  const isWindows = process.platform === 'win32'
  const last: string[] = []
  return new Promise((resolve, reject) => {
    const child = spawn(isWindows ? `"${npm}"` : npm, args, {
      cwd: folder,
      env: { ...env, ...Object.fromEntries(npmSettings) },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: isWindows,
      timeout: limitMs,
      windowsHide: true
    })
    for (const stream of [child.stdout, child.stderr]) {
      const lines = createLineReader(() => {}, 64 * 1024)
      stream.on('data', chunk => {
        for (const line of lines.push(chunk)) {
          last.push(line)
          last.splice(0, last.length - 30)
          onProgress(readableProgress(line))
        }
      })
    }
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) resolve()
      else reject(new Error(errorWords(last) || `npm ended with ${code ?? 'a signal'}`))
    })
  })
}

/** `npm http fetch GET 200 https://host/package 12ms` says little to people: the package is what counts. */
export function readableProgress(line: string): string {
  const fetched = /^npm http (?:fetch GET 200|cache(?: \S+@)?) ?https?:\/\/[^/\s]+\/(\S+)/.exec(line)?.[1]
  const text = fetched === undefined ? line : `Fetched ${decodeURIComponent(fetched)}`
  return text.replace(/^npm (warn|info|notice|http) /i, '').slice(0, 300)
}

function errorWords(lines: string[]): string {
  const errors = lines
    .filter(line => /^npm (error|ERR!)/i.test(line))
    .map(line => line.replace(/^npm (error|ERR!) ?/i, ''))
  return errors
    .filter(line => line !== '' && !/complete log of this run|_logs/.test(line))
    .join('\n')
    .slice(0, 3000)
}

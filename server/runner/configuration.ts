import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Address } from './connection/control-plane-client.ts'
import type { Environment } from './machine/environment.ts'

export interface Configuration {
  kind: 'builtin' | 'remote'
  /** Of this runner: its identity, private workspaces, installed CLIs. */
  dataDir: string
  name: string
  /** Where the control plane is now. Throws while that is not known. */
  address(): Address
  /** Absolute folders in which agents may work, as they are set now. */
  allowedDirs(): string[]
  /** Leave when there was neither a run nor a control plane for this long; null: never. */
  lonelyMs: number | null
  /** Silence of an agent that is worth telling. */
  silenceMs: number
  env: Environment
  practiceAgent: string
}

export class ConfigurationError extends Error {
  override name = 'ConfigurationError'
}

const controlPlaneFile = z.object({ url: z.url(), ownerToken: z.string().min(1) })
const settingsFile = z.object({ allowedDirs: z.array(z.string()) })
const identityFile = z.object({ identity: z.uuid() })
const usualLonelySeconds = 60
const usualSilenceSeconds = 5 * 60

/** `--data-dir` makes the built-in runner of that folder; else AGENTFLEET_URL and AGENTFLEET_API_KEY say where it belongs. */
export function loadConfiguration(argv = process.argv.slice(2), processEnv = process.env): Configuration {
  const env = Object.fromEntries(
    Object.entries(processEnv).filter((entry): entry is [string, string] => entry[1] !== undefined)
  )
  const { 'data-dir': dataDir } = parseArgs({ args: argv, options: { 'data-dir': { type: 'string' } } }).values
  return dataDir === undefined ? standalone(env) : builtin(resolve(dataDir), env)
}

function builtin(dataDir: string, env: Environment): Configuration {
  return {
    kind: 'builtin',
    dataDir,
    name: env.RUNNER_NAME || hostname(),
    address() {
      const { url, ownerToken } = controlPlaneFile.parse(readJson(join(dataDir, 'control-plane.json')))
      return { url, token: ownerToken }
    },
    allowedDirs: () => settingsFile.parse(readJson(join(dataDir, 'runner-settings.json'))).allowedDirs,
    lonelyMs: Number(env.FLOTILLA_RUNNER_IDLE_SECONDS || usualLonelySeconds) * 1000,
    silenceMs: silenceMs(env),
    env,
    practiceAgent: practiceAgentFile()
  }
}

function standalone(env: Environment): Configuration {
  const url = env.AGENTFLEET_URL ?? ''
  const token = env.AGENTFLEET_API_KEY ?? ''
  if (!URL.canParse(url)) throw new ConfigurationError('AGENTFLEET_URL must be the address of the control plane')
  if (token === '') throw new ConfigurationError('AGENTFLEET_API_KEY must be a key with the scope `runner`')
  const allowedDirs = splitDirs(env.ALLOWED_DIRS ?? '')
  const relative = allowedDirs.find(dir => !isAbsolute(dir))
  if (relative !== undefined)
    throw new ConfigurationError(`ALLOWED_DIRS must be absolute folders; this is not: ${relative}`)
  const dataDir = env.FLOTILLA_RUNNER_DIR || standaloneFolder(env)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return {
    kind: 'remote',
    dataDir,
    name: env.RUNNER_NAME || hostname(),
    address: () => ({ url, token }),
    allowedDirs: () => allowedDirs,
    lonelyMs: null,
    silenceMs: silenceMs(env),
    env,
    practiceAgent: practiceAgentFile()
  }
}

function silenceMs(env: Environment): number {
  return Number(env.FLOTILLA_SILENCE_SECONDS || usualSilenceSeconds) * 1000
}

function standaloneFolder(env: Environment): string {
  if (process.platform === 'win32') return join(env.APPDATA ?? homedir(), 'flotilla-runner')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'flotilla-runner')
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'flotilla-runner')
}

/** Folders separated by commas or by the platform's path separator; the colon of a Windows drive is none. */
export function splitDirs(text: string, platform = process.platform): string[] {
  return text
    .split(platform === 'win32' ? /[,;]/ : /[,:]/)
    .map(dir => dir.trim())
    .filter(dir => dir !== '')
}

/** The identity of a runner stays with its data folder. */
export function readIdentity(dataDir: string): string {
  const file = join(dataDir, 'runner.json')
  const known = existsSync(file) ? identityFile.safeParse(readJson(file)) : null
  if (known?.success) return known.data.identity
  const identity = randomUUID()
  writeFileSync(file, JSON.stringify({ identity }), { mode: 0o600 })
  return identity
}

/** Beside the bundled runner, or in the sources. */
function practiceAgentFile(): string {
  const bundled = fileURLToPath(new URL('practice-agent.mjs', import.meta.url))
  return existsSync(bundled)
    ? bundled
    : fileURLToPath(new URL('../../resources/practice-agent/main.ts', import.meta.url))
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

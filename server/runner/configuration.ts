import { randomUUID } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { maxDirs, maxName } from '#contract/runners/runner-protocol'
import type { RunnerWarning } from '#contract/runners/runners'
import { writeWhole } from '../whole-file.ts'
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
  /** What its user should know, as it is now. */
  warnings(): RunnerWarning[]
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
/** Of a timer. */
const mostSeconds = 2_000_000

/**
 * `--data-dir` makes the built-in runner of that folder; else AGENTFLEET_URL and AGENTFLEET_API_KEY say where it belongs.
 * Throws ConfigurationError with one line for a person.
 */
export function loadConfiguration(argv = process.argv.slice(2), processEnv = process.env): Configuration {
  const env = Object.fromEntries(
    Object.entries(processEnv).filter((entry): entry is [string, string] => entry[1] !== undefined)
  )
  const dataDir = dataDirOf(argv)
  return dataDir === undefined ? standalone(env) : builtin(resolve(dataDir), env)
}

function dataDirOf(argv: string[]): string | undefined {
  try {
    return parseArgs({ args: argv, options: { 'data-dir': { type: 'string' } } }).values['data-dir']
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError(`${words} The only option is --data-dir FOLDER.`)
  }
}

function builtin(dataDir: string, env: Environment): Configuration {
  if (!existsSync(dataDir)) throw new ConfigurationError(`--data-dir: the folder ${dataDir} does not exist`)
  return {
    kind: 'builtin',
    dataDir,
    name: givenName(env.RUNNER_NAME),
    address() {
      const { url, ownerToken } = controlPlaneFile.parse(readJson(join(dataDir, 'control-plane.json')))
      return { url, token: ownerToken }
    },
    allowedDirs: () => allowedDirsOf(join(dataDir, 'runner-settings.json')),
    warnings: () => [],
    lonelyMs: secondsOf(env, 'FLOTILLA_RUNNER_IDLE_SECONDS', usualLonelySeconds) * 1000,
    silenceMs: secondsOf(env, 'FLOTILLA_SILENCE_SECONDS', usualSilenceSeconds) * 1000,
    env,
    practiceAgent: practiceAgentFile()
  }
}

function allowedDirsOf(file: string): string[] {
  try {
    return settingsFile.parse(readJson(file)).allowedDirs
  } catch {
    throw new ConfigurationError(`${file} cannot be read. Start Flotilla again: it writes this file anew.`)
  }
}

function standalone(env: Environment): Configuration {
  const url = addressOf(env.AGENTFLEET_URL ?? '')
  const token = env.AGENTFLEET_API_KEY?.trim() ?? ''
  if (token === '')
    throw new ConfigurationError('AGENTFLEET_API_KEY is not set. It must be a key with the scope `runner`.')
  if (/[^\x21-\x7e]/.test(token))
    throw new ConfigurationError('AGENTFLEET_API_KEY holds characters that no key has. Copy it again, whole.')
  const allowedDirs = givenDirs(env.ALLOWED_DIRS)
  const dataDir = env.FLOTILLA_RUNNER_DIR || standaloneFolder(env)
  makeFolder(dataDir)
  return {
    kind: 'remote',
    dataDir,
    name: givenName(env.RUNNER_NAME),
    address: () => ({ url, token }),
    allowedDirs: () => allowedDirs,
    warnings: () => dirWarnings(allowedDirs),
    lonelyMs: null,
    silenceMs: secondsOf(env, 'FLOTILLA_SILENCE_SECONDS', usualSilenceSeconds) * 1000,
    env,
    practiceAgent: practiceAgentFile()
  }
}

function addressOf(text: string): string {
  const wanted = 'AGENTFLEET_URL must be the address of the control plane, such as http://127.0.0.1:4747'
  if (text.trim() === '') throw new ConfigurationError(`AGENTFLEET_URL is not set. ${wanted}`)
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return baseOf(url)
  // A host and a port without a scheme: `localhost:4747` even counts as a URL of the scheme `localhost`.
  const meant = `http://${text}`
  const hint = /^[\w.-]+(:\d+)?\/?$/.test(text) && URL.canParse(meant) ? `; did you mean ${meant}?` : ''
  throw new ConfigurationError(`${wanted}. This is none: ${text}${hint}`)
}

/** The host alone, or with a path before ours: that of a face, or of a proxy. Whoever copied our path along means the same. */
function baseOf({ origin, pathname }: URL): string {
  return origin + pathname.replace(/(\/api\/v1)?\/*$/, '')
}

function givenName(text: string | undefined): string {
  const name = text?.trim() ?? ''
  if (name.length > maxName)
    throw new ConfigurationError(`RUNNER_NAME must have at most ${maxName} characters; this has ${name.length}`)
  return name || hostname().slice(0, maxName)
}

/** Not set at all: private folders only. Set to nothing is a mistake, such as a variable that was not set either. */
function givenDirs(text: string | undefined): string[] {
  const dirs = splitDirs(text ?? '')
  if (text !== undefined && dirs.length === 0) {
    throw new ConfigurationError(
      'ALLOWED_DIRS is empty. Name absolute folders, or leave it out: agents then work in private folders only.'
    )
  }
  if (dirs.length > maxDirs)
    throw new ConfigurationError(
      `ALLOWED_DIRS must be at most ${maxDirs} folders; these are ${dirs.length}. What lies in a folder is allowed with it.`
    )
  for (const dir of dirs) {
    if (!isAbsolute(dir)) throw new ConfigurationError(`ALLOWED_DIRS must be absolute folders; this is not: ${dir}`)
    if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() === false)
      throw new ConfigurationError(`ALLOWED_DIRS must be folders; this is a file: ${dir}`)
  }
  return dirs
}

/** A folder that is not there now may come: a disk that is not mounted yet. */
function dirWarnings(dirs: readonly string[]): RunnerWarning[] {
  if (dirs.length === 0) {
    const message = 'ALLOWED_DIRS is not set: agents of this runner work in private folders only'
    return [{ code: 'NO_FOLDERS', message }]
  }
  const missing = dirs.filter(dir => !existsSync(dir))
  const message = `ALLOWED_DIRS names what is not there: ${missing.join(', ').slice(0, 1500)}`
  return missing.length === 0 ? [] : [{ code: 'FOLDER_MISSING', message }]
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError(`The folder of this runner, ${folder}, cannot be used: ${words}`)
  }
}

function secondsOf(env: Environment, name: string, usual: number): number {
  const text = env[name]
  if (!text) return usual
  const seconds = Number(text)
  if (seconds > 0 && seconds <= mostSeconds) return seconds
  throw new ConfigurationError(`${name} must be a number of seconds from 0 to ${mostSeconds}; this is none: ${text}`)
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

/** The identity of a runner stays with its data folder; what cannot be understood is put beside it and made anew. */
export function readIdentity(dataDir: string): string {
  const file = join(dataDir, 'runner.json')
  const known = readKnown(file)
  if (known !== null) return known
  const identity = randomUUID()
  try {
    if (existsSync(file)) renameSync(file, `${file}.bad`)
    writeWhole(file, JSON.stringify({ identity }))
  } catch (error) {
    throw new ConfigurationError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`)
  }
  return identity
}

/** Null: not there, or torn. */
function readKnown(file: string): string | null {
  try {
    return identityFile.parse(readJson(file)).identity
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === null || code === 'ENOENT') return null
    throw new ConfigurationError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
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

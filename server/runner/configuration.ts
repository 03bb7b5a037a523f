import { randomUUID } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type PairingCode, readPairingCode } from '#contract/runners/pairing-code'
import { maxDirs, maxName } from '#contract/runners/runner-protocol'
import type { RunnerWarning } from '#contract/runners/runners'
import { writeWhole } from '../whole-file.ts'
import type { Address } from './connection/control-plane-client.ts'
import type { Credential } from './connection/refusal.ts'
import type { Environment } from './machine/environment.ts'
import { hashOfCode, type KeptConnection, readConnection, writeConnection } from './pairing/kept-connection.ts'
import { NotPaired, pair } from './pairing/pair.ts'

export interface Configuration {
  kind: 'builtin' | 'remote'
  /** Of this runner: its identity, private workspaces, installed CLIs. */
  dataDir: string
  readonly name: string
  /** Where the control plane is now. Throws while that is not known. */
  address(): Address
  credential: Credential
  /** Joins by the code that it was given; null: it was given none, or has used it. Throws ConfigurationError. */
  pair: ((identity: string) => Promise<void>) | null
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
 * `--data-dir` makes the built-in runner of that folder; else AGENTFLEET_URL and AGENTFLEET_API_KEY say where it belongs, or
 * a pairing code does, once. Throws ConfigurationError with one line for a person.
 */
export function loadConfiguration(argv = process.argv.slice(2), processEnv = process.env): Configuration {
  const env = Object.fromEntries(
    Object.entries(processEnv).filter((entry): entry is [string, string] => entry[1] !== undefined)
  )
  const { dataDir, code } = wordsOf(argv)
  return dataDir === undefined ? standalone(env, code) : builtin(resolve(dataDir), env)
}

function wordsOf(argv: string[]): { dataDir: string | undefined; code: string | undefined } {
  try {
    const options = { 'data-dir': { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true })
    if (positionals.length > 1) throw new Error(`"${positionals[1]}" is one word too many.`)
    return { dataDir: values['data-dir'], code: positionals[0] }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError(`${words} It takes a pairing code, or --data-dir FOLDER.`)
  }
}

function builtin(dataDir: string, env: Environment): Configuration {
  if (!existsSync(dataDir)) throw new ConfigurationError(`--data-dir: the folder ${dataDir} does not exist`)
  return {
    kind: 'builtin',
    dataDir,
    name: givenName(env.RUNNER_NAME) ?? hostName(),
    credential: { what: 'the token of its data folder', remedy: 'Start Flotilla again' },
    pair: null,
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

function standalone(env: Environment, argument: string | undefined): Configuration {
  const code = argument ?? (env.AGENTFLEET_PAIRING?.trim() || undefined)
  const told = code === undefined && isTold(env) ? toldConnection(env) : null
  const given = code === undefined ? null : givenCode(code, env)
  const ownName = givenName(env.RUNNER_NAME)
  const allowedDirs = givenDirs(env.ALLOWED_DIRS)
  const dataDir = env.FLOTILLA_RUNNER_DIR || standaloneFolder(env)
  makeFolder(dataDir)
  let kept = told === null ? keptConnection(dataDir) : null
  if (told === null && given === null && kept === null) toldConnection(env)
  return {
    kind: 'remote',
    dataDir,
    get name() {
      return ownName ?? kept?.name ?? hostName()
    },
    address() {
      if (told !== null) return told
      if (kept === null) throw new Error('it is not paired yet')
      return { url: kept.url, token: kept.key, pin: kept.pin }
    },
    credential: told === null ? pairedCredential : givenCredential,
    pair:
      given === null || kept?.code === hashOfCode(given.text)
        ? null
        : async identity => {
            kept = await joined(dataDir, given, identity)
          },
    allowedDirs: () => allowedDirs,
    warnings: () => dirWarnings(allowedDirs),
    lonelyMs: null,
    silenceMs: secondsOf(env, 'FLOTILLA_SILENCE_SECONDS', usualSilenceSeconds) * 1000,
    env,
    practiceAgent: practiceAgentFile()
  }
}

const givenCredential = {
  what: 'AGENTFLEET_API_KEY',
  remedy: 'Make a key with the scope `runner` and start again with it'
}
const pairedCredential = {
  what: 'the key that this runner got when it was paired',
  remedy: 'Pair it again with a code from Runners, Connect'
}

function isTold(env: Environment): boolean {
  return env.AGENTFLEET_URL !== undefined || env.AGENTFLEET_API_KEY !== undefined
}

function toldConnection(env: Environment): Address {
  const url = addressOf(env.AGENTFLEET_URL ?? '')
  const token = env.AGENTFLEET_API_KEY?.trim() ?? ''
  if (token === '')
    throw new ConfigurationError('AGENTFLEET_API_KEY is not set. It must be a key with the scope `runner`.')
  if (/[^\x21-\x7e]/.test(token))
    throw new ConfigurationError('AGENTFLEET_API_KEY holds characters that no key has. Copy it again, whole.')
  return { url, token }
}

interface GivenCode {
  text: string
  code: PairingCode
}

function givenCode(text: string, env: Environment): GivenCode {
  if (isTold(env))
    throw new ConfigurationError(
      'There are a pairing code and AGENTFLEET_URL or AGENTFLEET_API_KEY. Give one or the other: a code says where to call.'
    )
  const code = readPairingCode(text)
  if (code === null)
    throw new ConfigurationError(
      'This is no pairing code, or it was mistyped or not copied whole. It is shown in Runners, Connect, and begins with flp_.'
    )
  return { text, code }
}

function keptConnection(dataDir: string): KeptConnection | null {
  try {
    return readConnection(dataDir)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError(
      `What this runner learned when it was paired cannot be read in ${dataDir}: ${words}. Delete connection.json there and pair it again.`
    )
  }
}

async function joined(dataDir: string, { text, code }: GivenCode, identity: string): Promise<KeptConnection> {
  try {
    const connection = await pair(text, code, identity)
    writeConnection(dataDir, connection)
    return connection
  } catch (error) {
    throw error instanceof NotPaired ? new ConfigurationError(error.message) : error
  }
}

function addressOf(text: string): string {
  const wanted = 'AGENTFLEET_URL must be the address of the control plane, such as http://127.0.0.1:4747'
  if (text.trim() === '')
    throw new ConfigurationError(
      `AGENTFLEET_URL is not set. ${wanted}; or start with a pairing code from Runners, Connect`
    )
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

/** Null: its user names it nothing. */
function givenName(text: string | undefined): string | null {
  const name = text?.trim() ?? ''
  if (name.length > maxName)
    throw new ConfigurationError(`RUNNER_NAME must have at most ${maxName} characters; this has ${name.length}`)
  return name || null
}

function hostName(): string {
  return hostname().slice(0, maxName)
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

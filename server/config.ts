import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import packageJson from '../package.json' with { type: 'json' }

/** Everything the control plane is told from outside. Nothing else reads the environment. */
export interface Config {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly dataDir: string
  /** Folders the built-in runner may work in; null: the user's home folder. */
  readonly allowedDirs: readonly string[] | null
  readonly startRunner: boolean
  /** Keep an index of what is said. */
  readonly search: boolean
  /** Stop the agents too when the control plane stops. */
  readonly stopAgents: boolean
  /** Plain HTTP is taken from other computers too. */
  readonly insecureHttp: boolean
  /** The user's own; null: beyond this computer one is made. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  /** Further names under which requests may arrive, besides the bound address and loopback; some with a port. */
  readonly hostNames: readonly string[]
  /** Origin of a development server in front of this one. */
  readonly devOrigin: string | null
  /** Seals secrets instead of the key in the data folder; 32 bytes. */
  readonly dataKey: Buffer | null
  /** Requests that a limit allows in its window, by its id; 0 lifts it. */
  readonly limits: Readonly<Record<string, number>>
  readonly version: string
  /** The Node that runs the runner; inside Electron this process is none. */
  readonly nodePath: string
  /** The build output: UI and docs page lie in it. */
  readonly outDir: string
  /** What the runner is started from, with the practice agent beside it. */
  readonly runnerFile: string
  /** Where container engines are, as the `docker` command is told. */
  readonly engines: EngineSettings
}

interface EngineSettings {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly runtimeDir: string | null
  readonly host: string | null
  readonly context: string | null
  readonly configDir: string
  readonly tls: boolean
  readonly certDir: string
}

/** A setting that cannot be used; the message is one line that says which and what to write instead. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

export const usage = `Flotilla, a control plane for AI agents on this computer

  npm start [-- options]             desktop where there is one, else headless
  npm start -- login-link            print a fresh one-time link for the running instance

  --headless                         no window; print a link instead
  --host ADDRESS      FLOTILLA_HOST      address to listen on (127.0.0.1)
  --port N            FLOTILLA_PORT      port, 0 for any free one (4747)
  --data-dir DIR      FLOTILLA_DATA_DIR  where everything is kept
  --allowed-dirs A,B  ALLOWED_DIRS       folders agents may work in (your home folder)
  --host-names A,B    FLOTILLA_HOST_NAMES  further names this server is reached by
  --limits A=N,B=N    FLOTILLA_LIMITS    requests that rate limits allow, 0 for any number
  --no-runner                        do not start the built-in runner
  --no-search                        keep no index of what agents say
  --stop-agents                      stop running agents when Flotilla stops
  --tls-cert FILE --tls-key FILE     serve https with this certificate, instead of one that is made
  --insecure-http                    allow plain http beyond this computer
  --help

  DOCKER_HOST, DOCKER_CONTEXT and the context in use say where the container engine is, as for docker.`

const options = {
  headless: { type: 'boolean' },
  host: { type: 'string' },
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  'allowed-dirs': { type: 'string' },
  'host-names': { type: 'string' },
  limits: { type: 'string' },
  'no-runner': { type: 'boolean' },
  'no-search': { type: 'boolean' },
  'stop-agents': { type: 'boolean' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'insecure-http': { type: 'boolean' },
  help: { type: 'boolean' }
} as const

type Env = Record<string, string | undefined>
type Flags = ReturnType<typeof readFlags>['values']

export type Invocation = { command: 'serve' | 'login-link'; config: Config } | { command: 'help' }

/** Reads flags first, then the environment. Throws ConfigError. */
export function loadInvocation(argv: readonly string[], env: Env = process.env): Invocation {
  const { values, positionals } = readFlags(argv)
  if (values.help) return { command: 'help' }
  const [command, ...rest] = positionals
  if (rest.length > 0 || (command !== undefined && command !== 'login-link'))
    throw new ConfigError(`Unknown command "${positionals.join(' ')}". Try --help.`)
  return { command: command ?? 'serve', config: buildConfig(values, env) }
}

function readFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split('.')[0]}. Try --help.`)
  }
}

function buildConfig(flags: Flags, env: Env): Config {
  const outDir = findOutDir(import.meta.dirname)
  const config: Config = {
    host: bareHost(flags.host ?? env.FLOTILLA_HOST ?? '127.0.0.1'),
    port: readPort(flags.port ?? env.FLOTILLA_PORT ?? '4747'),
    dataDir: resolve(flags['data-dir'] ?? (env.FLOTILLA_DATA_DIR || defaultDataDir(process.platform, env))),
    allowedDirs: readDirs(flags['allowed-dirs'] ?? env.ALLOWED_DIRS),
    startRunner: !flags['no-runner'],
    search: !flags['no-search'],
    stopAgents: flags['stop-agents'] ?? false,
    insecureHttp: flags['insecure-http'] ?? false,
    tls: readTls(flags['tls-cert'], flags['tls-key']),
    hostNames: splitList(flags['host-names'] ?? env.FLOTILLA_HOST_NAMES).map(readHostName),
    devOrigin: env.FLOTILLA_DEV_ORIGIN ?? null,
    dataKey: readKey(env.FLOTILLA_SECRET_KEY),
    limits: readLimits(flags.limits ?? env.FLOTILLA_LIMITS),
    version: packageJson.version,
    nodePath: env.FLOTILLA_NODE ?? process.execPath,
    outDir,
    runnerFile: join(outDir, 'runner', 'agentfleet-runner.mjs'),
    engines: readEngines(env)
  }
  return Object.freeze(config)
}

/** Names have no case, and the brackets of an IPv6 address belong to URLs. */
function bareHost(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
}

/** `name`, `name:port`, an address, or an IPv6 address in brackets with or without a port, in lower case. */
function readHostName(text: string): string {
  const name = text.toLowerCase()
  const match = /^(?:\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)(?::(\d{1,5}))?$/.exec(name)
  const port = Number(match?.[1] ?? 80)
  if (!match || port < 1 || port > 65_535)
    throw new ConfigError(`--host-names takes names such as fleet.example or fleet.example:8443; "${text}" is not one.`)
  return name
}

/** Every address of this computer. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/** A name or an address as it stands in a URL. */
export function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** Beyond this computer it speaks TLS, with a certificate of its own where none is given. */
export function makesCertificate({ host, tls, insecureHttp }: Config): boolean {
  return !isLoopback(host) && tls === null && !insecureHttp
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new ConfigError(`--port must be a whole number from 0 to 65535, not "${text}".`)
  return port
}

function readDirs(text: string | undefined): string[] | null {
  if (!text) return null
  const separators = process.platform === 'win32' ? /[,;]/ : /[,:]/
  const dirs = text
    .split(separators)
    .map(dir => dir.trim())
    .filter(dir => dir !== '')
  const relative = dirs.find(dir => !isAbsolute(dir))
  if (relative !== undefined) throw new ConfigError(`--allowed-dirs takes absolute folders; "${relative}" is not one.`)
  return dirs
}

function readLimits(text: string | undefined): Record<string, number> {
  return Object.fromEntries(
    splitList(text).map(part => {
      const [, id, requests] = /^([a-z-]+)=(\d{1,9})$/.exec(part) ?? []
      if (id === undefined) throw new ConfigError(`--limits takes pairs such as fleetrun=240; "${part}" is not one.`)
      return [id, Number(requests)]
    })
  )
}

function readEngines(env: Env): EngineSettings {
  const home = homedir()
  const configDir = env.DOCKER_CONFIG || join(home, '.docker')
  return {
    platform: process.platform,
    home,
    runtimeDir: env.XDG_RUNTIME_DIR || null,
    host: env.DOCKER_HOST || null,
    context: env.DOCKER_CONTEXT || null,
    configDir,
    tls: Boolean(env.DOCKER_TLS_VERIFY),
    certDir: env.DOCKER_CERT_PATH || configDir
  }
}

const keyBytes = 32

function readKey(text: string | undefined): Buffer | null {
  if (!text) return null
  const key = Buffer.from(text, 'base64')
  if (key.length === keyBytes) return key
  throw new ConfigError(
    `FLOTILLA_SECRET_KEY must be ${keyBytes} bytes in base64, for example from: openssl rand -base64 ${keyBytes}`
  )
}

function splitList(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
}

function readTls(cert: string | undefined, key: string | undefined): Config['tls'] {
  if (cert === undefined && key === undefined) return null
  if (cert === undefined || key === undefined) throw new ConfigError('--tls-cert and --tls-key go together.')
  return { cert: readPem(cert, '--tls-cert'), key: readPem(key, '--tls-key') }
}

function readPem(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(`${flag} ${file} cannot be read: ${(error as Error).message}`)
  }
}

function defaultDataDir(platform: NodeJS.Platform, env: Env): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Flotilla')
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Flotilla')
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'flotilla')
}

/** The bundle lies in out/server or out/main, the source in server/. */
function findOutDir(here: string): string {
  return basename(dirname(here)) === 'out' ? dirname(here) : join(here, '..', 'out')
}

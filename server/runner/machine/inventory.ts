import { existsSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RunnerWarning } from '#contract/runners/runners'
import type { FoundRuntime, PlaceRuntimes, PlaceSetup, Preparation } from '../places/place.ts'
import { runtimes } from '../runtimes/index.ts'
import { describe, RefusedLaunch, type Runtime, systemEvent } from '../runtimes/runtime.ts'
import { detectRuntime, fileMark, installCommand } from './detect.ts'
import type { Environment } from './environment.ts'
import { installCli, removeLeftovers } from './install.ts'
import { LoginEnvironment } from './login-environment.ts'

type InventoryOptions = Omit<PlaceSetup, 'allowedDirs'>

/** The first registration waits this long for the search; what is found later is reported later. */
const firstLookMs = 1500

/** What this machine offers: the runtimes, their state, and the environment that agents get. */
export class Inventory implements PlaceRuntimes {
  reports: FoundRuntime[]
  private readonly options: InventoryOptions
  private readonly runtimes: readonly Runtime[]
  private readonly login: LoginEnvironment
  private looking: Promise<void>
  private installing: string | null = null
  private tell: () => void = () => {}
  /** Which file each CLI was when it was looked at: an update puts another one in its place. */
  private readonly files = new Map<string, string | null>()

  constructor(options: InventoryOptions) {
    this.options = options
    // A runner file that was copied alone has no practice agent beside it.
    this.runtimes = runtimes.filter(({ kind }) => kind !== 'practice' || existsSync(options.practiceAgent))
    this.reports = this.runtimes.map(runtime => unknownYet(runtime, options.version))
    this.login = this.createLogin()
    this.looking = removeLeftovers(options.dataDir).then(() => this.look(this.runtimes))
  }

  /** What its users should know, though it works. */
  get warnings(): RunnerWarning[] {
    const { problem } = this.login
    const shell: RunnerWarning[] = problem === null ? [] : [{ code: 'LOGIN_SHELL', message: problem }]
    return [...shell, ...this.options.setupWarnings()]
  }

  onChange(tell: () => void): void {
    this.tell = tell
  }

  async looked(): Promise<void> {
    const timer = Promise.withResolvers<void>()
    const timeout = setTimeout(timer.resolve, firstLookMs)
    await Promise.race([this.looking, timer.promise])
    clearTimeout(timeout)
  }

  /** Reads the user's environment again and looks for everything. */
  async refresh(): Promise<void> {
    this.looking = this.login.refresh().then(() => this.look(this.runtimes))
    await this.looking
  }

  /** What agents and MCP servers inherit. */
  environment(): Promise<Environment> {
    return this.login.current()
  }

  /** Throws RefusedLaunch with RUNTIME_MISSING, RUNTIME_TOO_OLD or RUNTIME_NOT_SIGNED_IN. */
  async prepare(runtimeId: string): Promise<Preparation> {
    const runtime = this.runtimes.find(({ id }) => id === runtimeId)
    if (runtime === undefined)
      throw new RefusedLaunch('RUNTIME_MISSING', `This runner cannot run ${runtimeId}; ${this.known()}`)
    const cli = runtime.cli === null ? null : await this.readyCli(runtime)
    const env = await this.environment()
    const { problem } = this.login
    const notes = problem === null ? [] : [systemEvent('environment', problem)]
    return { runtime, env, context: this.context(env, cli), notes }
  }

  private known(): string {
    return `it can run ${this.runtimes.map(({ title }) => title).join(', ')}. Set the runtime of the agent to one of these.`
  }

  async install(runtimeId: string): Promise<void> {
    const runtime = this.runtimes.find(({ id }) => id === runtimeId)
    if (!runtime?.cli || this.installing === runtimeId) return
    if (this.installing !== null) {
      this.note(runtimeId, { detail: `${this.installing} is being installed. Try again when that is done.` })
      return
    }
    const before = this.report(runtimeId)
    this.installing = runtimeId
    try {
      this.note(runtimeId, { state: 'installing', detail: 'Starting npm' })
      const { dataDir, ownEnv } = this.options
      const env = await this.environment()
      const onProgress = (detail: string) => this.note(runtimeId, { state: 'installing', detail })
      await installCli({ cli: runtime.cli, runtimeId, dataDir, env, ownEnv, onProgress })
      this.installing = null
      await this.look([runtime])
    } catch (error) {
      this.installing = null
      const words = error instanceof Error ? error.message : String(error)
      this.options.log(`installation of ${runtimeId} failed: ${words}`)
      this.note(runtimeId, { state: before?.state ?? 'missing', detail: `The installation failed: ${words}` })
    }
  }

  private createLogin(): LoginEnvironment {
    const { ownEnv, dataDir, node, log } = this.options
    const clis = this.runtimes.filter(({ cli }) => cli !== null)
    const login = new LoginEnvironment({
      own: ownEnv,
      extraFolders: [
        ...clis.map(({ id }) => join(dataDir, 'clis', id, 'node_modules', '.bin')),
        // Last: on a machine without Node, the CLIs that are npm packages run on ours, and the npm beside it installs them.
        dirname(node)
      ],
      onChange: () => {
        log(login.problem ?? 'read the environment of the login shell')
        this.tell()
        // Its PATH may name what was missing.
        this.looking = this.look(this.runtimes)
      }
    })
    return login
  }

  private async look(which: readonly Runtime[]): Promise<void> {
    const env = await this.environment()
    await Promise.all(
      which.map(async runtime => {
        if (runtime.id === this.installing) return
        const { report, mark } = await detectRuntime(runtime, env, this.options.version)
        this.files.set(runtime.id, mark)
        this.note(runtime.id, report)
      })
    )
  }

  /** Path of a CLI that can be used; looks again before it says no, for the user may just have mended it. */
  private async readyCli(runtime: Runtime): Promise<string> {
    await this.looking
    const known = this.report(runtime.id)
    if (known?.state === 'ready' && known.path !== null && (await this.isSame(runtime, known.path))) return known.path
    await this.refreshOne(runtime)
    const report = this.report(runtime.id)
    if (report?.state === 'ready' && report.path !== null) return report.path
    throw refusal(runtime, report)
  }

  private async isSame(runtime: Runtime, path: string): Promise<boolean> {
    return (await isThere(path)) && (await fileMark(path)) === this.files.get(runtime.id)
  }

  private async refreshOne(runtime: Runtime): Promise<void> {
    await this.login.refresh()
    await this.look([runtime])
  }

  private context(env: Environment, cli: string | null): Preparation['context'] {
    const { node, practiceAgent } = this.options
    const unsandboxedRoot = process.getuid?.() === 0 && env.IS_SANDBOX !== '1'
    return { cli, node, practiceAgent, unsandboxedRoot }
  }

  private report(runtimeId: string): FoundRuntime | undefined {
    return this.reports.find(({ id }) => id === runtimeId)
  }

  private note(runtimeId: string, news: Partial<FoundRuntime>): void {
    this.reports = this.reports.map(report => (report.id === runtimeId ? { ...report, ...news } : report))
    this.tell()
  }
}

function unknownYet(runtime: Runtime, version: string): FoundRuntime {
  const { cli, kind } = runtime
  const base = { ...describe(runtime), version: null, path: null, installable: cli !== null }
  if (cli !== null) return { ...base, state: 'looking', signedIn: 'unknown', detail: null }
  const own = kind === 'practice' ? version : null
  return { ...base, version: own, state: 'ready', signedIn: 'not_needed', detail: null }
}

function refusal({ title, cli }: Runtime, report: FoundRuntime | undefined): RefusedLaunch {
  const hint = cli === null ? '' : ` Install it: ${installCommand(cli)}`
  switch (report?.state) {
    case 'too_old':
      return new RefusedLaunch('RUNTIME_TOO_OLD', `${title}: ${report.detail}`)
    case 'not_signed_in':
      return new RefusedLaunch('RUNTIME_NOT_SIGNED_IN', `${title} is not signed in. ${report.detail}`)
    case 'broken':
      return new RefusedLaunch('RUNTIME_MISSING', `${title} does not work: ${report.detail}`)
    case 'looking':
      return new RefusedLaunch('RUNTIME_MISSING', `The runner is still looking for ${title}. Try again in a moment.`)
    case 'installing':
      return new RefusedLaunch('RUNTIME_MISSING', `${title} is being installed. Try again when that is done.`)
    default:
      return new RefusedLaunch('RUNTIME_MISSING', `${title} is not installed on this runner.${hint}`)
  }
}

async function isThere(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false
  )
}

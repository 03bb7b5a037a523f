import { agentEnvironment, type Environment, withoutDenied } from './environment.ts'
import { loginShell, readLoginShell, type ShellReading } from './login-shell.ts'

export interface LoginEnvironmentOptions {
  /** Of this process. */
  own: Environment
  /** Added at the end of the PATH. */
  extraFolders: readonly string[]
  patience?: Patience
  read?(own: Environment, limitMs: number): Promise<ShellReading | null>
  /** What agents get, or what is wrong with it, became another. */
  onChange(): void
}

export interface Patience {
  /** Whoever asks waits this long for a shell at work. */
  waitMs: number
  /** The shell itself may take so long, at its first reading and at those that follow a failed one. */
  limitsMs: readonly [number, ...number[]]
  /** Before each of the following ones. */
  pausesMs: readonly number[]
}

const usualPatience: Patience = {
  waitMs: 5000,
  limitsMs: [30_000, 120_000, 300_000, 600_000],
  pausesMs: [10_000, 60_000, 300_000]
}

/**
 * The environment of the login shell, as good as it is known now. A slow shell is not waited for: its reading goes on, and
 * counts from when it ends. One that fails is read again, later and with more time. Never two readings at once.
 */
export class LoginEnvironment {
  /** Why agents do not get what a terminal would have; null: they do. */
  problem: string | null = null
  private readonly options: LoginEnvironmentOptions
  private readonly patience: Patience
  private login: Environment | null = null
  private reading: Promise<void> | null = null
  private waited: Promise<void> = Promise.resolve()
  private failures = 0
  private again: NodeJS.Timeout | undefined

  constructor(options: LoginEnvironmentOptions) {
    this.options = options
    this.patience = options.patience ?? usualPatience
    this.start()
  }

  /** Resolves when the shell answered, or when it was waited for long enough. Never rejects. */
  async current(): Promise<Environment> {
    await this.waited
    return this.known()
  }

  /** Reads it again, unless it is being read. */
  async refresh(): Promise<Environment> {
    this.start()
    return await this.current()
  }

  private known(): Environment {
    const { own, extraFolders } = this.options
    return agentEnvironment(own, this.login, extraFolders)
  }

  private start(): void {
    if (this.reading !== null) return
    clearTimeout(this.again)
    const { limitsMs, waitMs } = this.patience
    const limitMs = limitsMs[Math.min(this.failures, limitsMs.length - 1)] ?? waitMs
    const reading = this.read(limitMs).then(result => this.take(result))
    this.reading = reading
    const timer = Promise.withResolvers<void>()
    const timeout = setTimeout(() => {
      this.tell(`The login shell has not been ready for ${waitMs / 1000} s. ${this.instead()} until it is.`)
      timer.resolve()
    }, waitMs)
    this.waited = Promise.race([reading.finally(() => clearTimeout(timeout)), timer.promise])
  }

  private read(limitMs: number): Promise<ShellReading | null> {
    const own = withoutDenied(this.options.own)
    if (this.options.read !== undefined) return this.options.read(own, limitMs)
    const shell = process.platform === 'win32' ? null : loginShell(own)
    return shell === null ? Promise.resolve(null) : readLoginShell({ shell, env: own, limitMs })
  }

  private take(result: ShellReading | null): void {
    this.reading = null
    if (result === null || 'env' in result) {
      this.failures = 0
      const before = JSON.stringify(this.login)
      this.login = result?.env ?? null
      this.tell(null, JSON.stringify(this.login) !== before)
      return
    }
    const pauseMs = this.patience.pausesMs[this.failures]
    this.failures++
    if (pauseMs !== undefined) this.again = setTimeout(() => this.start(), pauseMs).unref()
    this.tell(`The login shell ${result.problem}. ${this.instead()}.`)
  }

  private instead(): string {
    return this.login === null
      ? 'Agents get the environment that the runner was started with'
      : 'Agents get the environment that it gave before'
  }

  private tell(problem: string | null, otherLogin = false): void {
    const changed = otherLogin || problem !== this.problem
    this.problem = problem
    if (changed) this.options.onChange()
  }
}

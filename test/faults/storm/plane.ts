import { setTimeout as sleep } from 'node:timers/promises'
import { type Headless, startHeadless } from '../../kit/headless.ts'
import type { App } from '../../kit/start-app.ts'

type Answer = Awaited<ReturnType<App['request']>>

/** A control plane that may be away at any moment, and those who keep asking until it answers. */
export class Plane {
  readonly dataDir: string
  private readonly args: string[]
  private readonly environment: () => Record<string, string>
  private living: Promise<Headless>

  /** `environment` is asked anew for each that starts. */
  constructor(dataDir: string, args: string[], environment: () => Record<string, string> = () => ({})) {
    this.dataDir = dataDir
    this.args = args
    this.environment = environment
    this.living = this.begin()
  }

  /** The one that lives, or the next one. */
  up(): Promise<Headless> {
    return this.living
  }

  /** Ends the living one by a signal; another one starts after `awayMs`. */
  async replace(signal: 'SIGKILL' | 'SIGTERM', awayMs: number): Promise<void> {
    const before = await this.living
    const ended = before.kill(signal)
    this.living = ended.then(() => sleep(awayMs)).then(() => this.begin())
    await this.living
  }

  /** Asks until there is an answer that counts: refused connections and faults of the other side are asked again. */
  async ask(method: string, path: string, options: { body?: unknown; key?: string } = {}): Promise<Answer> {
    for (;;) {
      const { app } = await this.living
      const headers: Record<string, string> = options.key === undefined ? {} : { 'idempotency-key': options.key }
      const answer = await app.request(method, path, { body: options.body, headers }).catch(() => null)
      if (answer !== null && answer.status < 500) return answer
      await sleep(100)
    }
  }

  private begin(): Promise<Headless> {
    return startHeadless({ dataDir: this.dataDir, args: this.args, env: this.environment() })
  }
}

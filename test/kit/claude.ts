import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { listApprovals } from '#contract/runs/approvals'
import { followUpRun, launchRun, type Run } from '#contract/runs/runs'
import { eventsOf, untilStatus } from './events.ts'
import { type Headless, type HeadlessOptions, startHeadless } from './headless.ts'
import { type MockLlm, startMockLlm } from './mock-llm.ts'
import { findTool, needs, type Tool } from './needs.ts'
import { type App, temporaryFolder } from './start-app.ts'

const pinned = [
  { which: 'the oldest', tool: 'claude' },
  { which: 'the newest', tool: 'claude-newest' }
] as const satisfies { which: string; tool: Tool }[]

/** Given to the CLI as its key; must come to light nowhere. */
export const claudeKey = 'sk-ant-a-secret-of-this-test'

/** A whole Flotilla as a process of its own whose Claude Code talks to the mock. */
export class ClaudeFleet {
  readonly folder: string
  mock: MockLlm
  headless: Headless
  private readonly options: HeadlessOptions

  private constructor(folder: string, mock: MockLlm, headless: Headless, options: HeadlessOptions) {
    this.folder = folder
    this.mock = mock
    this.headless = headless
    this.options = options
  }

  static async start(cli: string): Promise<ClaudeFleet> {
    const mock = await startMockLlm()
    const folder = temporaryFolder()
    const home = join(folder, 'home')
    mkdirSync(home)
    const options = {
      args: ['--allowed-dirs', folder],
      env: {
        PATH: `${dirname(cli)}:${process.env.PATH}`,
        HOME: home,
        IS_SANDBOX: '1',
        ANTHROPIC_BASE_URL: mock.url,
        ANTHROPIC_API_KEY: claudeKey,
        CLAUDE_CODE_MAX_RETRIES: '2'
      }
    }
    const fleet = new ClaudeFleet(folder, mock, await startHeadless(options), options)
    await fleet.ready()
    return fleet
  }

  /** Another Flotilla with the same settings, on a data folder that is there. Ends with its own `close`. */
  async on(dataDir: string): Promise<ClaudeFleet> {
    const headless = await startHeadless({ ...this.options, dataDir })
    const fleet = new ClaudeFleet(this.folder, this.mock, headless, this.options)
    await fleet.ready()
    return fleet
  }

  private async ready(): Promise<void> {
    const ready = async () => expect(await this.runtimeState()).toMatchObject({ state: 'ready', signedIn: 'yes' })
    await vi.waitFor(ready, { timeout: 45_000 })
  }

  get app(): App {
    return this.headless.app
  }

  async close(): Promise<void> {
    await this.app.close()
    await this.mock.close()
  }

  /** A folder to work in, made if it is not there. */
  work(name = 'project'): string {
    const made = join(this.folder, name)
    mkdirSync(made, { recursive: true })
    return made
  }

  launch(prompt: string, body: Record<string, unknown> = {}): Promise<Run> {
    return this.app.call(launchRun, {
      body: { prompt, cwd: this.work(), runtime: 'claude-code', model: 'haiku', timeoutSeconds: 60, ...body }
    })
  }

  followUp(run: Run, prompt: string): Promise<Run> {
    return this.app.call(followUpRun, { params: { id: run.id }, body: { prompt } })
  }

  until(run: Run, ...statuses: Run['status'][]): Promise<Run> {
    return untilStatus(this.app, run.id, ...statuses)
  }

  async kinds(run: Run): Promise<string[]> {
    return (await eventsOf(this.app, run.id)).map(event => event.kind)
  }

  async pendingOf(run: Run) {
    const { data } = await this.app.call(listApprovals, { query: { status: 'pending', runId: run.id } })
    if (!data[0]) throw new Error('nothing is asked')
    return data[0]
  }

  private async runtimeState() {
    const { data } = await this.app.call(listRunners)
    return data[0]?.runtimes.find(runtime => runtime.id === 'claude-code') ?? null
  }
}

type Suite = (test: ReturnType<typeof needs>, fleet: () => ClaudeFleet) => void

/** The same tests with each pinned version of the CLI, each with a Flotilla of its own. */
export function withEachClaude(name: string, suite: Suite): void {
  describe.each(pinned)(`${name}, with $which Claude Code`, ({ tool }) => {
    const test = needs(tool)
    let fleet: ClaudeFleet | null = null
    beforeAll(async () => {
      const cli = findTool(tool)
      if (cli !== undefined) fleet = await ClaudeFleet.start(cli)
    }, 90_000)
    afterAll(() => fleet?.close())
    suite(test, () => {
      if (fleet === null) throw new Error('It did not start')
      return fleet
    })
  })
}

import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { listRunners } from '#contract/runners/runners'
import { listApprovals } from '#contract/runs/approvals'
import { followUpRun, launchRun, type Run } from '#contract/runs/runs'
import { eventsOf, untilStatus } from './events.ts'
import { type Headless, type HeadlessOptions, startHeadless } from './headless.ts'
import { type MockLlm, startMockLlm } from './mock-llm.ts'
import { type Cli, findTool, needs } from './needs.ts'
import { type App, temporaryFolder } from './start-app.ts'

/** A CLI that agents are driven with, as its runtime wants it. */
export interface DrivenCli {
  title: string
  tool: Cli
  runtime: string
  model: string
  /** Makes its home what it is for a user whose provider is the mock, and says what else is in the environment. */
  atHome(home: string, mock: MockLlm): Record<string, string>
}

/** A whole Flotilla as a process of its own whose CLI talks to the mock. */
export class CliFleet {
  readonly folder: string
  mock: MockLlm
  headless: Headless
  private readonly driven: DrivenCli
  private readonly options: HeadlessOptions

  private constructor(driven: DrivenCli, folder: string, mock: MockLlm, headless: Headless, options: HeadlessOptions) {
    this.driven = driven
    this.folder = folder
    this.mock = mock
    this.headless = headless
    this.options = options
  }

  static async start(driven: DrivenCli, cli: string): Promise<CliFleet> {
    const mock = await startMockLlm()
    const folder = temporaryFolder()
    const home = join(folder, 'home')
    mkdirSync(home)
    const options = {
      args: ['--allowed-dirs', folder],
      env: {
        PATH: `${dirname(cli)}:${process.env.PATH}`,
        HOME: home,
        ...driven.atHome(home, mock)
      }
    }
    const fleet = new CliFleet(driven, folder, mock, await startHeadless(options), options)
    try {
      await fleet.ready()
    } catch (error) {
      await fleet.close()
      throw error
    }
    return fleet
  }

  /** Another Flotilla with the same settings, on a data folder that is there. Ends with its own `close`. */
  async on(dataDir: string): Promise<CliFleet> {
    const headless = await startHeadless({ ...this.options, dataDir })
    const fleet = new CliFleet(this.driven, this.folder, this.mock, headless, this.options)
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
      body: {
        prompt,
        cwd: this.work(),
        runtime: this.driven.runtime,
        model: this.driven.model,
        timeoutSeconds: 60,
        ...body
      }
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
    return data[0]?.runtimes.find(runtime => runtime.id === this.driven.runtime) ?? null
  }
}

type Suite = (test: ReturnType<typeof needs>, fleet: () => CliFleet) => void

/** The same tests with each pinned version of a CLI, each with a Flotilla of its own. */
export function withEachVersion(driven: DrivenCli, name: string, suite: Suite): void {
  const pinned = [
    { which: 'the oldest', tool: driven.tool },
    { which: 'the newest', tool: `${driven.tool}-newest` }
  ] as const
  describe.each(pinned)(`${name}, with $which ${driven.title}`, ({ tool }) => {
    const test = needs(tool)
    let fleet: CliFleet | null = null
    beforeAll(async () => {
      const cli = findTool(tool)
      if (cli !== undefined) fleet = await CliFleet.start(driven, cli)
    }, 90_000)
    afterAll(() => fleet?.close())
    suite(test, () => {
      if (fleet === null) throw new Error('It did not start')
      return fleet
    })
  })
}

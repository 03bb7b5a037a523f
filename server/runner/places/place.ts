import type { Readable } from 'node:stream'
import type { RunnerWarning, RuntimeReport } from '#contract/runners/runners'
import type { Checkpoints } from '../git/checkpoints.ts'
import type { Environment } from '../machine/environment.ts'
import type { AgentCommand, EventSignal, LaunchContext, Runtime } from '../runtimes/runtime.ts'
import type { Files } from './files.ts'

/**
 * Where agents run, and everything that a run needs of it. Paths are as agents there see them. What throws RefusedLaunch
 * ends the run with its code and words.
 */
export interface Place {
  id: string
  /** The folder in which a run works; without a wish the private one of that name. Throws RefusedLaunch with CWD_…. */
  folder(wish: string | null, workspace: string): Promise<string>
  runtimes: PlaceRuntimes
  /** What agents and MCP servers inherit. */
  environment(): Promise<Environment>
  files: Files
  /** Of the files that runs work on; where it is missing none are taken. */
  checkpoints?: Checkpoints
  /** Waits until another agent may be started; call what it resolves to when that one is up. Rejects when aborted. */
  turn(signal: AbortSignal): Promise<() => void>
  /** Throws when the program cannot be started. */
  start(options: StartOptions): Promise<AgentProcess>
  /** Ends an agent and all it started: asked first, then made to. */
  stop(agent: AgentProcess, options: StopOptions): Promise<void>
  /** Ends what a former runner started for a run and left behind. */
  end(runId: string): Promise<void>
  /** Which of these still live. */
  living<P extends LeftProcess>(processes: readonly P[]): Promise<P[]>
  /** Ends one with all that it started: asked, then killed. */
  endProcess(process: LeftProcess): Promise<void>
}

/** A runtime as a place sees it. */
export type FoundRuntime = Omit<RuntimeReport, 'place'>

/** Which runtimes there are at a place, and their state. */
export interface PlaceRuntimes {
  readonly reports: FoundRuntime[]
  /** What its users should know, though it works. */
  readonly warnings: RunnerWarning[]
  /** `tell` is called when any of this has changed. */
  onChange(tell: () => void): void
  /** Resolves after the first search, or a bounded wait for it. */
  looked(): Promise<void>
  /** Looks for everything again. */
  refresh(): Promise<void>
  install(runtimeId: string): Promise<void>
  /** Throws RefusedLaunch with RUNTIME_MISSING, RUNTIME_TOO_OLD or RUNTIME_NOT_SIGNED_IN. */
  prepare(runtimeId: string): Promise<Preparation>
}

/** A runtime that is ready. */
export interface Preparation {
  runtime: Runtime
  context: Omit<LaunchContext, 'folder' | 'folderSettings' | 'movedSession'>
  /** What the agent inherits. */
  env: Environment
  /** Said first in the run: what is not as its user would expect. */
  notes: readonly EventSignal[]
}

export interface StartOptions {
  command: AgentCommand
  cwd: string
  env: Record<string, string>
  runId: string
  /** Of what is started beside the agent of a run: ended by itself, it takes nothing else of the run along. */
  part?: string
}

export interface StopOptions {
  /** Asks the agent by its own protocol; false: it has no words for that. */
  ask(): boolean
  signal: 'SIGINT' | 'SIGTERM'
  /** Aborted: no more asking. */
  now: AbortSignal
}

export interface AgentProcess {
  stdout: Readable
  stderr: Readable
  write(line: string): void
  closeStdin(): void
  /** Resolves when the process itself is gone; processes it started may live on. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Notes who descends from the agent now, to find them later even if their parents die. */
  remember(): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Ends the agent and everything it started; resolves when none of them is left or after `limitMs`. */
  kill(limitMs: number): Promise<void>
  /** Once the agent has ended by itself: ends what it left, but for what it put into a session of its own to stay. */
  settle(): Promise<Settled>
}

/** A process that outlived its agent; `started` tells it from a later one with the same pid. */
export interface LeftProcess {
  pid: number
  started: string
  command: string
}

interface Settled {
  ended: LeftProcess[]
  daemons: LeftProcess[]
}

/** What a place is given by its runner. */
export interface PlaceSetup {
  dataDir: string
  version: string
  /** Environment of this process. */
  ownEnv: Environment
  node: string
  practiceAgent: string
  /** Absolute folders in which agents may work, as they are set now. */
  allowedDirs(): string[]
  /** What is wrong with how the runner was set up. */
  setupWarnings(): RunnerWarning[]
  log(message: string): void
}

export interface PlaceKind {
  id: string
  open(setup: PlaceSetup): Promise<Place>
}

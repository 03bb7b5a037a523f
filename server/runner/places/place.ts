import type { Readable } from 'node:stream'
import type { AgentCommand } from '../runtimes/runtime.ts'

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

export interface StartOptions {
  command: AgentCommand
  cwd: string
  env: Record<string, string>
  runId: string
}

/** Where agents run. Today the host; a container is another place with the same shape. */
export interface Place {
  /** Throws when the program cannot be started. */
  start(options: StartOptions): Promise<AgentProcess>
  /** Ends what a former runner started for a run and left behind. */
  end(runId: string): Promise<void>
  /** Which of these still live. */
  living<P extends LeftProcess>(processes: readonly P[]): Promise<P[]>
  /** Ends one with all that it started: asked, then killed. */
  endProcess(process: LeftProcess): Promise<void>
}

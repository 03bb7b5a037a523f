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
}

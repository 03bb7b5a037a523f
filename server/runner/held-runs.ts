import type { Assignment, RunnerCommand } from '#contract/runner-protocol'
import { execute, type RunHandle, type Surroundings } from './execute.ts'

export interface Held {
  runId: string
  attempt: number
}

type RunCommand = Extract<RunnerCommand, { runId: string }>

/** The runs that this process executes. */
export class HeldRuns {
  private readonly runs = new Map<string, RunHandle>()
  private readonly surroundings: Surroundings
  private readonly capacity: number
  private changed = Promise.withResolvers<void>()

  constructor(surroundings: Surroundings, capacity: number) {
    this.surroundings = surroundings
    this.capacity = capacity
  }

  /** What is ours to report; what was taken away is only being stopped. */
  get active(): Held[] {
    const ours = [...this.runs.values()].filter(run => !run.abandoned)
    return ours.map(({ assignment: { runId, attempt } }) => ({ runId, attempt }))
  }

  /** Started by a former process that was killed. */
  get died(): Held[] {
    return [...this.surroundings.started.left]
  }

  get size(): number {
    return this.runs.size
  }

  get free(): number {
    return Math.max(0, this.capacity - this.runs.size)
  }

  /** Resolves when a run came or went. */
  get change(): Promise<void> {
    return this.changed.promise
  }

  start(assignment: Assignment): void {
    // A claim that is answered twice must not start an agent twice.
    if (this.runs.get(assignment.runId)?.assignment.attempt === assignment.attempt) return
    const handle = execute(assignment, this.surroundings)
    this.runs.set(assignment.runId, handle)
    void handle.done.then(() => {
      if (this.runs.get(assignment.runId) === handle) this.runs.delete(assignment.runId)
      this.tell()
    })
    this.tell()
  }

  carryOut(command: RunCommand): void {
    const run = this.runs.get(command.runId)
    if (run === undefined) return
    switch (command.type) {
      case 'cancel':
        run.cancel(command.now)
        break
      case 'answer':
        run.answer(command)
        break
      case 'interrupt':
        run.interrupt()
        break
      case 'change':
        run.change(command)
        break
    }
  }

  /** After a registration: what is neither resumed nor ours any more is let go. */
  reattach(resume: (Held & { acked: number })[]): void {
    this.surroundings.started.forgetLeft()
    const kept = new Map(resume.map(held => [held.runId, held]))
    for (const [runId, run] of this.runs) {
      const held = kept.get(runId)
      if (held === undefined || held.attempt !== run.assignment.attempt) run.abandon()
      else run.resume(held.acked)
    }
  }

  abandon(runIds: string[]): void {
    for (const runId of runIds) this.runs.get(runId)?.abandon()
  }

  /** Stops all agents and reports their ends. */
  async stopAll(): Promise<void> {
    const handles = [...this.runs.values()]
    for (const handle of handles) handle.cancel(false)
    await Promise.all(handles.map(handle => handle.done))
  }

  private tell(): void {
    this.changed.resolve()
    this.changed = Promise.withResolvers()
  }
}

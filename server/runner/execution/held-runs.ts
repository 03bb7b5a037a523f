import type { Assignment, RunnerCommand } from '#contract/runners/runner-protocol'
import type { Attempt } from '../spool/spool.ts'
import { execute, type Surroundings } from './execute.ts'
import { Leftover } from './leftover.ts'
import type { RunHandle } from './run-handle.ts'

type RunCommand = Extract<RunnerCommand, { runId: string }>

/** The runs that this process executes, and those of which a former one left something to tell. */
export class HeldRuns {
  private readonly runs = new Map<string, RunHandle>()
  private readonly surroundings: Surroundings
  private readonly capacity: number
  private former: Attempt[] = []
  private changed = Promise.withResolvers<void>()

  constructor(surroundings: Surroundings, capacity: number) {
    this.surroundings = surroundings
    this.capacity = capacity
  }

  /** What is ours to report; what was taken away is only being stopped. */
  get active(): Attempt[] {
    const ours = [...this.runs.values()].filter(run => !run.abandoned)
    return ours.map(({ run: { runId, attempt } }) => ({ runId, attempt }))
  }

  /** Started by a former process that was killed, with nothing left to tell. */
  get died(): readonly Attempt[] {
    return this.former
  }

  /** Nothing is lost when this process ends now. */
  get safe(): boolean {
    return [...this.runs.values()].every(run => run.safe)
  }

  get size(): number {
    return this.runs.size
  }

  get free(): number {
    return Math.max(0, this.capacity - this.runs.size)
  }

  /** Resolves when a run came or went. */
  get nextChange(): Promise<void> {
    return this.changed.promise
  }

  /** Before anything is claimed: ends the agents of a former process, and takes over what it had to tell. */
  async takeOver(): Promise<void> {
    const { spool, started, places } = this.surroundings
    const left = started.left()
    const leftovers = spool.left().map(run => new Leftover(run, this.surroundings))
    const ended = new Set(leftovers.filter(({ hadEnded }) => hadEnded).map(({ run }) => run.runId))
    await Promise.all(left.filter(({ runId }) => !ended.has(runId)).map(({ runId }) => places.end(runId)))
    for (const leftover of leftovers) this.hold(leftover)
    this.former = left.filter(({ runId }) => !this.runs.has(runId))
  }

  /** Without what any of the runs was given in confidence. */
  clean(text: string): string {
    return [...this.runs.values()].reduce((clear, run) => run.clean(clear), text)
  }

  start(assignment: Assignment): void {
    // A claim that is answered twice must not start an agent twice.
    if (this.runs.get(assignment.runId)?.run.attempt === assignment.attempt) return
    this.hold(execute(assignment, this.surroundings))
  }

  private hold(handle: RunHandle): void {
    const { run } = handle
    this.runs.set(run.runId, handle)
    void handle.done.then(() => {
      this.surroundings.started.remove(run)
      if (this.runs.get(run.runId) === handle) this.runs.delete(run.runId)
      this.tell()
    })
    this.tell()
  }

  carryOut(command: RunCommand): void {
    if (command.type === 'stopDaemon')
      return void this.surroundings.daemons.stop(command.runId, command.pid, command.started)
    const run = this.runs.get(command.runId)
    if (run === undefined) return
    switch (command.type) {
      case 'cancel':
        run.cancel(command.now)
        break
      case 'answer':
        run.answer(command)
        break
      case 'input':
      case 'interrupt':
        run.lookForInput(command.type === 'interrupt')
        break
      case 'change':
        run.adjust(command)
        break
    }
  }

  /** After a registration: what is neither resumed nor ours any more is let go. */
  reattach(resume: (Attempt & { acked: number })[]): void {
    for (const run of this.former) this.surroundings.started.remove(run)
    this.former = []
    const kept = new Map(resume.map(held => [held.runId, held]))
    for (const [runId, run] of this.runs) {
      const held = kept.get(runId)
      if (held === undefined || held.attempt !== run.run.attempt) run.abandon()
      else run.resume(held.acked)
    }
  }

  abandon(runIds: string[]): void {
    for (const runId of runIds) this.runs.get(runId)?.abandon()
  }

  /** Stops all agents at once and tells nobody. */
  async abandonAll(): Promise<void> {
    const handles = [...this.runs.values()]
    for (const handle of handles) handle.abandon()
    await Promise.all(handles.map(handle => handle.done))
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

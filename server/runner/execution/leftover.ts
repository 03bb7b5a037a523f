import type { Batch, Finish, Reply } from '../outbox/batch.ts'
import { Outbox } from '../outbox/outbox.ts'
import { createRedactor } from '../redaction/redactor.ts'
import type { Attempt, Spool } from '../spool/spool.ts'
import { recover } from '../spool/spool-recovery.ts'
import type { RunHandle } from './run-handle.ts'

export interface LeftoverSurroundings {
  spool: Spool
  send(run: Attempt, batch: Batch): Promise<Reply>
  pauseMs(attempt: number): number
}

/** A run whose process was killed before all was told: its agent is gone, what it said is on disk. */
export class Leftover implements RunHandle {
  readonly run: Attempt
  readonly done: Promise<void>
  /** How it ended had been kept, so its agent had ended by itself. */
  readonly hadEnded: boolean
  private readonly outbox: Outbox
  private gone = false

  constructor(run: Attempt, { spool, send, pauseMs }: LeftoverSurroundings) {
    this.run = run
    const file = spool.file(run)
    const recovered = recover(file)
    this.hadEnded = recovered.finish !== null
    const options = {
      file,
      pauseMs,
      send: (batch: Batch) => send(run, batch),
      // Hidden before it was written.
      redactor: createRedactor({}),
      onGone: () => this.abandon(),
      onForgotten: () => {},
      onRoom: () => {}
    }
    this.outbox = Outbox.afterlife(options, recovered, recovered.finish ?? lostFinish())
    this.done = this.outbox.ended.then(() => undefined)
  }

  get abandoned(): boolean {
    return this.gone
  }

  get safe(): boolean {
    return this.outbox.safe
  }

  abandon(): void {
    this.gone = true
    this.outbox.drop()
  }

  resume(acked: number): void {
    this.outbox.resume(acked)
  }

  clean(text: string): string {
    return text
  }

  // Nobody is left to hear these.
  cancel(): void {}
  answer(): void {}
  lookForInput(): void {}
  adjust(): void {}
}

function lostFinish(): Finish {
  const message = 'The runner that executed it was killed, and its agent ended with it'
  return { outcome: 'LOST', result: null, error: { code: 'LOST', message }, ts: new Date().toISOString() }
}

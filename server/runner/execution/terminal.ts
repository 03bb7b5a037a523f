import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Place, StartOptions } from '../places/place.ts'
import type { TerminalEnd } from '../runtimes/requests.ts'

/** How long its output is read after it has ended. */
const trailingMs = 500
/** What is kept of what a terminal printed, in bytes: its end. */
const keptBytes = 1024 * 1024

/** A program that an agent had started for it, and what it prints. */
export interface Terminal {
  /** Rejects when it cannot be started. */
  started: Promise<unknown>
  ended: Promise<unknown>
  printed(): { text: string; cut: boolean; ended: TerminalEnd | null }
  /** Asked first, then made to, with all that it started. */
  end(): Promise<void>
}

export function openTerminal(place: Pick<Place, 'start' | 'stop'>, options: StartOptions): Terminal {
  let kept: Buffer[] = []
  let bytes = 0
  let cut = false
  let ended: TerminalEnd | null = null

  function print(chunk: Buffer): void {
    kept.push(chunk)
    bytes += chunk.length
    if (bytes <= 2 * keptBytes) return
    kept = [Buffer.concat(kept).subarray(-keptBytes)]
    bytes = keptBytes
    cut = true
  }

  const started = place.start(options).then(process => {
    process.closeStdin()
    process.stdout.on('data', print)
    process.stderr.on('data', print)
    return process
  })
  const gone = started.then(async process => {
    const end = await process.exited
    // What it left may hold its output open.
    const all = Promise.all([finished(process.stdout), finished(process.stderr)]).catch(() => {})
    await Promise.race([all, sleep(trailingMs)])
    ended = end
  })
  gone.catch(() => {})
  return {
    started,
    ended: gone,
    printed() {
      const all = Buffer.concat(kept)
      return { text: all.subarray(-keptBytes).toString('utf8'), cut: cut || all.length > keptBytes, ended }
    },
    async end() {
      const process = await started.catch(() => null)
      if (process === null) return
      const signal = options.command.stopSignal
      await place.stop(process, { ask: () => false, signal, now: AbortSignal.abort() })
      await gone
    }
  }
}

import { availableParallelism, totalmem } from 'node:os'

/** Memory that one agent CLI is planned with; measured peaks lie between 190 and 390 MiB. */
const bytesPerRun = 350 * 1024 * 1024
const shareOfMemory = 0.75
const mostRuns = 64

/** Runs at a time that this machine can bear. */
export function runCapacity(memory = totalmem()): number {
  return Math.max(1, Math.min(mostRuns, Math.floor((memory * shareOfMemory) / bytesPerRun)))
}

export interface LaunchLimit {
  /** Waits for a free slot; call what it resolves to when the agent is up. Rejects when aborted. */
  enter(signal: AbortSignal): Promise<() => void>
}

/** Starting a CLI takes a core for about a second: more at a time only makes all of them late. */
export function createLaunchLimit(slots = availableParallelism()): LaunchLimit {
  let free = slots
  const queue: (() => void)[] = []

  function leave(): void {
    const next = queue.shift()
    if (next === undefined) free++
    else next()
  }

  return {
    async enter(signal) {
      signal.throwIfAborted()
      if (free > 0) free--
      else await turn(queue, signal)
      let left = false
      return () => {
        if (!left) leave()
        left = true
      }
    }
  }
}

function turn(queue: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const enter = () => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    }
    const giveUp = () => {
      queue.splice(queue.indexOf(enter), 1)
      reject(signal.reason)
    }
    queue.push(enter)
    signal.addEventListener('abort', giveUp, { once: true })
  })
}

import { type ChildProcess, spawn } from 'node:child_process'

export interface ChildEnd {
  code: number
  afterMs: number
  /** Whether it was us who asked it to end. */
  asked: boolean
}

/**
 * A terminal signals every process of its foreground group and npm passes the same signal on once more, while the
 * control plane takes a second signal for "at once". So the child gets a group of its own and what comes within this
 * time is one wish.
 */
const sameWishMs = 300

const parentCheckMs = 250

const isWindows = process.platform === 'win32'

export interface ForegroundChild {
  process: ChildProcess
  ended: Promise<ChildEnd>
}

/** Runs a program in the foreground of this one: signals passed on once, its exit code as the result. */
export function startChild(
  file: string,
  args: string[],
  { env = process.env, output = 'inherit' }: { env?: NodeJS.ProcessEnv; output?: 'inherit' | 'pipe' } = {}
): ForegroundChild {
  const startedAt = performance.now()
  const child = spawn(file, args, { stdio: ['ignore', output, 'inherit'], env, detached: !isWindows })
  const forwarding = forwardSignals(child)
  const ended = new Promise<ChildEnd>((resolve, reject) => {
    child.once('error', error => {
      forwarding.end()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      forwarding.end()
      resolve({ code: code ?? exitCodeOf(signal), afterMs: performance.now() - startedAt, asked: forwarding.asked() })
    })
  })
  return { process: child, ended }
}

function forwardSignals(child: ChildProcess): { end(): void; asked(): boolean } {
  let last = Number.NEGATIVE_INFINITY
  let asked = false
  const forward = (signal: NodeJS.Signals) => {
    const now = performance.now()
    asked = true
    if (now - last < sameWishMs) return
    last = now
    // On Windows the console has told the child already, and a signal sent by us would be a kill.
    if (!isWindows) child.kill(signal)
  }
  const stopFollowing = process.env.npm_lifecycle_event ? followParent(() => forward('SIGTERM')) : undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, forward)
  return {
    end: () => {
      stopFollowing?.()
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, forward)
    },
    asked: () => asked
  }
}

/**
 * npm passes SIGTERM on to a shell that dies of it without telling us, and of a closed terminal it tells nobody. In both
 * cases npm is gone, so its life is what we follow; under nohup it stays, and so do we.
 */
function followParent(onGone: () => void): () => void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, parentCheckMs)
  process.on('SIGHUP', ignore)
  return () => {
    clearInterval(timer)
    process.off('SIGHUP', ignore)
  }
}

function ignore(): void {}

function exitCodeOf(signal: NodeJS.Signals | null): number {
  return signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1
}

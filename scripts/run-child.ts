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
    if (!isWindows) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
  }
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM']
  // nohup makes this process deaf for SIGHUP and takes its output off the terminal; a listener would undo the first.
  if (process.stdout.isTTY) signals.push('SIGHUP')
  for (const signal of signals) process.on(signal, forward)
  return {
    end: () => {
      for (const signal of signals) process.off(signal, forward)
    },
    asked: () => asked
  }
}

function exitCodeOf(signal: NodeJS.Signals | null): number {
  return signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1
}

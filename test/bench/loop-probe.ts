import { createRequire } from 'node:module'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded into a process ahead of its program. Answers every message with how late its event loop was since the last one,
 * in ms, and makes each commit take `BENCH_COMMIT_MS` longer where it would wait for the disk: the thread stands still
 * inside of COMMIT, exactly as it does in a slow fsync.
 */
if (isMainThread && process.send) {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  process.on('message', () => {
    process.send?.({ p50: delays.percentile(50) / 1e6, p99: delays.percentile(99) / 1e6, max: delays.max / 1e6 })
    delays.reset()
  })
  const commitMs = Number(process.env.BENCH_COMMIT_MS ?? 0)
  if (commitMs > 0) slowDownCommits(commitMs)
}

function slowDownCommits(ms: number): void {
  const Sqlite = createRequire(import.meta.url)('better-sqlite3')
  const statement = Object.getPrototypeOf(new Sqlite(':memory:').prepare('SELECT 1'))
  const run = statement.run
  const cell = new Int32Array(new SharedArrayBuffer(4))
  statement.run = function (this: { source: string }, ...values: unknown[]) {
    const result = run.apply(this, values)
    if (this.source === 'COMMIT') Atomics.wait(cell, 0, 0, ms)
    return result
  }
}

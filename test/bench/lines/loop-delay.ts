import type { ChildProcess } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type App, temporaryFolder } from '../../kit/start-app.ts'
import { eventItem } from '../events.ts'
import { fullStore, fullStoreFolder } from '../full-store.ts'
import type { Line } from '../line.ts'
import { appOf, type LiveRuns, liveRuns } from '../live-run.ts'
import { ask, cache, program, startOurs, startServer, stop } from '../processes.ts'
import { rawClient } from '../raw-client.ts'

interface Delay {
  p50: number
  p99: number
  max: number
}

const windowMs = 2000

/** Work that goes on until it is told to end. */
type Load = (until: AbortSignal) => Promise<void>
type Target = Pick<App, 'url' | 'ownerToken'>

/** `runs` agents, each sending a batch whenever the one before is stored and `everyMs` have passed. */
function ingesting({ url, ownerToken }: Target, held: LiveRuns, batch: number, everyMs: number): Load {
  const sent = new Map<string, number>()
  return async until => {
    await Promise.all(
      held.runs.map(async ({ runId, attempt }) => {
        const client = rawClient(url, ownerToken)
        while (!until.aborted) {
          const from = sent.get(runId) ?? 0
          const items = Array.from({ length: batch }, (_, index) => eventItem(from + index + 1))
          const pause = sleep(everyMs)
          const body = JSON.stringify({ ...held.caller, attempt, items })
          await client.send('POST', `/api/v1/runner/runs/${runId}/events`, body)
          sent.set(runId, from + batch)
          await pause
        }
        client.close()
      })
    )
  }
}

/** The deepest pages that the list has, one after the other. */
function deepLists({ url, ownerToken }: Target): Load {
  const paths = [
    `/api/v1/runs?limit=500&offset=${fullStore.runs - 600}`,
    `/api/v1/runs?limit=500&offset=${fullStore.runs * 0.19}&status=failed`,
    `/api/v1/runs?limit=500&offset=${fullStore.runs * 0.3}&runtime=practice`
  ]
  return async until => {
    const client = rawClient(url, ownerToken)
    for (let i = 0; !until.aborted; i++) {
      await client.send('GET', paths[i % paths.length] ?? '')
      await sleep(50)
    }
    client.close()
  }
}

/** The loop of the control plane under load, beside the loop of a process that does nothing at the same time. */
async function besideIdle(
  ours: ChildProcess,
  loads: Load[],
  figure: (delay: Delay) => number,
  renew: () => Promise<void>
) {
  const idle = await startServer({
    args: ['--import', program('loop-probe.ts'), program('floors/idle-loop.ts')],
    channel: true
  })
  async function round() {
    await renew()
    const end = new AbortController()
    const working = loads.map(load => load(end.signal))
    await sleep(200)
    await Promise.all([ask(ours, {}), ask(idle.process, {})])
    await sleep(windowMs)
    const [our, floor] = await Promise.all([ask<Delay>(ours, {}), ask<Delay>(idle.process, {})])
    end.abort()
    await Promise.all(working)
    return { floor: figure(floor), ours: figure(our) }
  }
  await round()
  return { round, stopIdle: () => stop(idle.process) }
}

const slowFsync: Line = {
  name: 'slow-disk',
  title: 'Lateness of the event loop, p99, each commit 5 ms slower, 10 agents sending 5,000 events/s',
  floor: 'the loop of an idle process at the same time',
  unit: 'ms',
  goal: { of: 'ours', bound: 'at most', limit: 25 },
  rounds: 15,
  async prepare() {
    const dataDir = temporaryFolder()
    const probe = ['--import', program('loop-probe.ts')]
    const server = await startOurs(dataDir, { args: probe, env: { BENCH_COMMIT_MS: '5' }, channel: true })
    const app = appOf(dataDir)
    const held = await liveRuns(app, 10)
    const { round, stopIdle } = await besideIdle(
      server.process,
      [ingesting(app, held, 50, 100)],
      delay => delay.p99,
      held.renew
    )
    async function close(): Promise<void> {
      await stopIdle()
      await stop(server.process)
      rmSync(dataDir, { recursive: true, force: true })
    }
    return { round, close }
  }
}

const offMainThread: Line = {
  name: 'off-main-thread',
  title:
    'Lateness of the event loop, worst, while deep lists are read, 2,000 events/s arrive and the log is checkpointed',
  floor: 'the loop of an idle process at the same time',
  unit: 'ms',
  goal: { of: 'ours', bound: 'at most', limit: 25 },
  rounds: 15,
  async prepare() {
    const dataDir = join(cache, 'work')
    rmSync(dataDir, { recursive: true, force: true })
    cpSync(await fullStoreFolder(), dataDir, { recursive: true })
    const server = await startOurs(dataDir, { args: ['--import', program('loop-probe.ts')], channel: true })
    const app = appOf(dataDir)
    const held = await liveRuns(app, 4)
    const { round, stopIdle } = await besideIdle(
      server.process,
      [ingesting(app, held, 50, 100), deepLists(app)],
      delay => delay.max,
      held.renew
    )
    async function close(): Promise<void> {
      await stopIdle()
      await stop(server.process)
      rmSync(dataDir, { recursive: true, force: true })
    }
    return { round, close }
  }
}

export const loopDelayLines: Line[] = [slowFsync, offMainThread]

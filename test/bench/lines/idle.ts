import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fullStoreFolder } from '../full-store.ts'
import type { Line } from '../line.ts'
import { appOf } from '../live-run.ts'
import { ask, cpuMs, program, residentMb, startOurs, startProgram, startServer, stop } from '../processes.ts'

const parked = 100
const settleMs = 3000
const windowMs = 20_000

/** Both sides on the full store, asked once, then left alone. */
async function startBoth(runners: number) {
  const dataDir = await fullStoreFolder()
  const skeleton = await startServer({ args: [program('floors/skeleton.ts'), join(dataDir, 'flotilla.db')] })
  const ours = await startOurs(dataDir)
  const app = appOf(dataDir)
  await fetch(`${skeleton.url}/runs`)
  await app.request('GET', '/api/v1/runs?limit=20')
  let park: ChildProcess | null = null
  if (runners > 0) {
    park = startProgram('load/parked-runners.ts')
    await ask(park, { url: app.url, token: app.ownerToken, count: runners })
  }
  await sleep(settleMs)
  const pids = { floor: skeleton.process.pid ?? 0, ours: ours.process.pid ?? 0 }
  async function close(): Promise<void> {
    for (const child of [park, skeleton.process, ours.process]) if (child) await stop(child)
  }
  return { pids, close }
}

function idleCpu(name: string, runners: number): Line {
  return {
    name,
    title: `Idle: CPU of the control plane${runners > 0 ? `, ${runners} runners parked` : ''}`,
    floor: 'idle Express + SQLite',
    unit: '% of a core',
    goal: { of: 'ours', bound: 'at most', limit: 0.1 },
    rounds: 8,
    async prepare() {
      const { pids, close } = await startBoth(runners)
      async function round() {
        const before = { floor: cpuMs(pids.floor), ours: cpuMs(pids.ours) }
        const startedAt = performance.now()
        await sleep(windowMs)
        const percent = 100 / (performance.now() - startedAt)
        return {
          floor: (cpuMs(pids.floor) - before.floor) * percent,
          ours: (cpuMs(pids.ours) - before.ours) * percent
        }
      }
      return { round, close }
    }
  }
}

function idleMemory(name: string, runners: number): Line {
  return {
    name,
    title: `Idle: resident memory of the control plane${runners > 0 ? `, ${runners} runners parked` : ''}`,
    floor: 'idle Express + SQLite',
    unit: 'MB',
    goal: { of: 'ratio', bound: 'at most', limit: 1.5 },
    rounds: 7,
    async prepare() {
      async function round() {
        const { pids, close } = await startBoth(runners)
        const memory = { floor: residentMb(pids.floor), ours: residentMb(pids.ours) }
        await close()
        return memory
      }
      return { round, close: async () => {} }
    }
  }
}

export const idleLines: Line[] = [
  idleCpu('idle-cpu', 0),
  idleCpu('idle-cpu-runners', parked),
  idleMemory('idle-memory', 0),
  idleMemory('idle-memory-runners', parked)
]

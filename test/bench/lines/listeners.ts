import type { ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../kit/start-app.ts'
import { eventItem } from '../events.ts'
import { inTurn, type Line } from '../line.ts'
import { appOf, liveRuns } from '../live-run.ts'
import { ask, program, startOurs, startProgram, startServer, stop } from '../processes.ts'

interface Shape {
  streams: number
  events: number
  everyMs: number
  /** Whether the floor commits each event before it writes. */
  floorCommits: boolean
}

/** What load/listeners.ts replaces by the time at which an event leaves. */
const unsent = '0'.repeat(16)

function listening(line: Pick<Line, 'name' | 'title' | 'floor' | 'goal'>, shape: Shape): Line {
  return { ...line, unit: 'ms', rounds: 15, prepare: () => prepare(shape) }
}

/** The same client posts the same bodies to both sides, and hears them on event streams of both. */
async function prepare({ streams, events, everyMs, floorCommits }: Shape) {
  const folder = temporaryFolder()
  const dataDir = join(folder, 'data')
  const floor = await startServer({
    args: [program('floors/fan-out.ts'), ...(floorCommits ? [join(folder, 'db')] : [])]
  })
  const ours = await startOurs(dataDir)
  const app = appOf(dataDir)
  const held = await liveRuns(app, 1)
  const [run] = held.runs
  if (!run) throw new Error('no run was claimed')
  const stream = `/api/v1/runs/${run.runId}/events`
  const floorLoad = startProgram('load/listeners.ts')
  const ourLoad = startProgram('load/listeners.ts')
  await ask(floorLoad, { url: floor.url, token: '', stream: '/', streams })
  await ask(ourLoad, { url: app.url, token: app.ownerToken, stream, streams })
  let sent = 0

  async function measure(load: ChildProcess, path: string): Promise<number> {
    await held.renew()
    const bodies = Array.from({ length: events }, (_, index) =>
      JSON.stringify({
        ...held.caller,
        attempt: run?.attempt,
        items: [eventItem(sent + index + 1, { sentAt: unsent })]
      })
    )
    const { p50 } = await ask<{ p50: number }>(load, { path, bodies, everyMs })
    return p50
  }

  async function measureOurs(): Promise<number> {
    const p50 = await measure(ourLoad, `/api/v1/runner/runs/${run?.runId}/events`)
    sent += events
    return p50
  }

  await measure(floorLoad, '/')
  await measureOurs()
  return {
    round: inTurn(() => measure(floorLoad, '/'), measureOurs),
    async close() {
      for (const child of [floorLoad, ourLoad, floor.process, ours.process]) await stop(child)
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

export const firstListener: Line = listening(
  {
    name: 'first-listener',
    title: 'One event while idle: POST → its listener, p50 of 60',
    floor: 'node:http, JSON.parse, one insert with FULL, one write',
    goal: { of: 'ratio', bound: 'at most', limit: 3 }
  },
  { streams: 1, events: 60, everyMs: 20, floorCommits: true }
)

export const fanOut: Line = listening(
  {
    name: 'fan-out',
    title: '50 listeners × 100 events/s: POST → each listener, p50',
    floor: 'node:http, JSON.parse, one shared buffer to 50 responses, nothing kept',
    goal: { of: 'ratio', bound: 'at most', limit: 3 }
  },
  { streams: 50, events: 150, everyMs: 10, floorCommits: false }
)

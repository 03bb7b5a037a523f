import { join } from 'node:path'
import { listRuns } from '#contract/runs/runs'
import { fullStore, fullStoreFolder } from '../full-store.ts'
import { inTurn, type Line } from '../line.ts'
import { appOf } from '../live-run.ts'
import { ask, startOurs, startProgram, stop } from '../processes.ts'
import { rawClient } from '../raw-client.ts'
import { medianOf } from '../statistics.ts'

const pagesPerRound = 150

/** Ours with HTTP, credential, ETag and all; the floor is the query and the stringify alone, inside of its process. */
export const eventPage: Line = {
  name: 'event-page',
  title: 'Page of 500 events after any point, over HTTP, of a million, p50',
  floor: 'better-sqlite3 rows → JSON.stringify, without HTTP',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', limit: 0.8 },
  rounds: 15,
  async prepare() {
    const dataDir = await fullStoreFolder()
    const server = await startOurs(dataDir)
    const app = appOf(dataDir)
    const { data } = await app.call(listRuns, { query: { limit: 200 } })
    const naive = startProgram('floors/pages.ts', [join(dataDir, 'flotilla.db')])
    const client = rawClient(app.url, app.ownerToken)
    const anywhere = () => Math.floor(Math.random() * (fullStore.eventsOfLongRun - 500))

    async function bare(): Promise<number> {
      const anyRun = () => data[Math.floor(Math.random() * data.length)]?.number
      const pages = Array.from({ length: pagesPerRound }, () => [anyRun(), anywhere()])
      return medianOf((await ask<{ ms: number[] }>(naive, { pages })).ms)
    }

    async function ours(): Promise<number> {
      const times: number[] = []
      for (let i = 0; i < pagesPerRound; i++) {
        const run = data[Math.floor(Math.random() * data.length)]
        const startedAt = performance.now()
        const body = await client.send('GET', `/api/v1/runs/${run?.id}/events?after=${anywhere()}`)
        times.push(performance.now() - startedAt)
        if (body.length < 100_000) throw new Error(`a page of ${body.length} bytes`)
      }
      return medianOf(times)
    }

    await bare()
    await ours()
    return {
      round: inTurn(bare, ours),
      async close() {
        client.close()
        await stop(naive)
        await stop(server.process)
      }
    }
  }
}

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sendEvents } from '#contract/runners/runner-protocol'
import { listRunEvents } from '#contract/runs/events'
import { search } from '#contract/runs/search'
import { temporaryFolder } from '../../kit/start-app.ts'
import { eventItem } from '../events.ts'
import { inTurn, type Line } from '../line.ts'
import { appOf, liveRuns } from '../live-run.ts'
import { ask, startOurs, startProgram, stop } from '../processes.ts'
import { rawClient } from '../raw-client.ts'
import { searchStore, searchStoreFolder, wordOf } from '../search-store.ts'
import { medianOf } from '../statistics.ts'
import { preparedIngest } from './ingest.ts'

const any = (below: number) => Math.floor(Math.random() * below)
const anyWord = () => wordOf(any(searchStore.words))

/** Ours over HTTP, with excerpts and counts; the floor is the scan alone, inside of its process. */
function against(texts: () => { ours: string; floor: string }, questions: number, scans: number) {
  return async () => {
    const dataDir = await searchStoreFolder()
    const server = await startOurs(dataDir)
    const app = appOf(dataDir)
    const naive = startProgram('floors/like.ts', [join(dataDir, 'flotilla.db')])
    const client = rawClient(app.url, app.ownerToken)

    async function bare(): Promise<number> {
      const asked = Array.from({ length: scans }, () => texts().floor)
      return medianOf((await ask<{ ms: number[] }>(naive, { texts: asked })).ms)
    }

    async function ours(): Promise<number> {
      const times: number[] = []
      for (let i = 0; i < questions; i++) {
        const startedAt = performance.now()
        const body = await client.send('GET', `/api/v1/search?q=${encodeURIComponent(texts().ours)}`)
        times.push(performance.now() - startedAt)
        if (!body.includes('"complete":true')) throw new Error('not everything is read')
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

const words: Line = {
  name: 'search-words',
  title: 'First 50 newest hits of a rare word, over HTTP, of a million events, p50',
  floor: 'LIKE over the same events, without HTTP',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', limit: 1 / 1000 },
  rounds: 15,
  prepare: against(() => ({ ours: 'needle', floor: 'needle' }), 50, 2)
}

const phrases: Line = {
  name: 'search-phrases',
  title: 'First 50 newest hits of a phrase of two common words, over HTTP, of a million events, p50',
  floor: 'LIKE over the same events, without HTTP',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', limit: 1 / 50 },
  rounds: 15,
  prepare: against(
    () => {
      const phrase = `${anyWord()} ${anyWord()}`
      return { ours: `"${phrase}"`, floor: phrase }
    },
    30,
    2
  )
}

/** From before an event is sent until it is found; the floor until it stands in the log. */
const lag: Line = {
  name: 'search-lag',
  title: 'An event is found, from when its runner sends it, p50',
  floor: 'it stands in the log',
  unit: 'ms',
  goal: { of: 'ours', bound: 'at most', limit: 1000 },
  rounds: 15,
  async prepare() {
    const dataDir = temporaryFolder()
    const server = await startOurs(dataDir)
    const app = appOf(dataDir)
    const { runs, caller, renew } = await liveRuns(app, 1)
    const [assignment] = runs
    if (!assignment) throw new Error('no run was claimed')
    let n = 1

    async function told(): Promise<string> {
      await renew()
      const word = `word${Date.now()}${n}`
      const item = { ...eventItem(n++), message: `it says ${word} once` }
      const { runId, attempt } = assignment as { runId: string; attempt: number }
      await app.call(sendEvents, { params: { id: runId }, body: { ...caller, attempt, items: [item] } })
      return word
    }

    async function until(is: (word: string) => Promise<boolean>): Promise<number> {
      const startedAt = performance.now()
      const word = await told()
      while (!(await is(word))) await delay(2)
      return performance.now() - startedAt
    }

    const inLog = async (word: string) => {
      const { data } = await app.call(listRunEvents, { params: { id: assignment.runId }, query: { after: n - 2 } })
      return data.some(({ message }) => message.includes(word))
    }
    const isFound = async (word: string) => (await app.call(search, { query: { q: word } })).hits.length > 0
    const bare = () => until(inLog)
    const ours = () => until(isFound)
    await ours()
    return {
      round: inTurn(bare, ours),
      async close() {
        await stop(server.process)
        rmSync(dataDir, { recursive: true, force: true })
      }
    }
  }
}

const ingestLoss: Line = {
  name: 'search-ingest',
  title: 'Ingest at full speed while everything is indexed',
  floor: 'the same with --no-search',
  unit: 'events/s',
  goal: { of: 'ratio', bound: 'at least', limit: 0.95 },
  rounds: 15,
  async prepare() {
    const without = await preparedIngest(['--no-search'])
    const indexed = await preparedIngest([])
    return {
      round: inTurn(without.ours, indexed.ours),
      async close() {
        await without.close()
        await indexed.close()
      }
    }
  }
}

export const searchLines = [words, phrases, lag, ingestLoss]

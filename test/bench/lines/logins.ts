import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { changeMe } from '#contract/people/login'
import { temporaryFolder } from '../../kit/start-app.ts'
import { eventItem } from '../events.ts'
import { inTurn, type Line } from '../line.ts'
import { appOf, liveRuns } from '../live-run.ts'
import { ask, startOurs, startProgram, stop } from '../processes.ts'
import { rawClient } from '../raw-client.ts'

const logins = 50
const events = 150
const everyMs = 8
/** What load/listeners.ts replaces by the time at which an event leaves. */
const unsent = '0'.repeat(16)
const credentials = { email: 'owner@example.com', password: 'a password of the bench' }

/** In memory, where there is such a folder: a disk that stalls now and then is the p99 of both sides. */
function folderInMemory(): string {
  return existsSync('/dev/shm') ? mkdtempSync(join('/dev/shm', 'flotilla-bench-')) : temporaryFolder()
}

/** Passwords are hashed slowly on purpose; who follows a run must not feel it. */
export const passwordLogins: Line = {
  name: 'logins',
  title: `Live tail while ${logins} people log in by password at once: POST → its listener, p99 of ${events}`,
  floor: 'the same tail while nobody logs in',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', limit: 1.2 },
  rounds: 25,
  async prepare() {
    const dataDir = folderInMemory()
    const ours = await startOurs(dataDir)
    const app = appOf(dataDir)
    await app.call(changeMe, { body: credentials })
    const held = await liveRuns(app, 1)
    const [run] = held.runs
    if (!run) throw new Error('no run was claimed')
    const load = startProgram('load/listeners.ts')
    const stream = `/api/v1/runs/${run.runId}/events`
    await ask(load, { url: app.url, token: app.ownerToken, stream, streams: 1 })
    const people = Array.from({ length: logins }, () => rawClient(app.url))
    let sent = 0

    async function tail(): Promise<number> {
      await held.renew()
      const bodies = Array.from({ length: events }, (_, index) =>
        JSON.stringify({
          ...held.caller,
          attempt: run?.attempt,
          items: [eventItem(sent + index + 1, { sentAt: unsent })]
        })
      )
      const path = `/api/v1/runner/runs/${run?.runId}/events`
      const { p99 } = await ask<{ p99: number }>(load, { path, bodies, everyMs })
      sent += events
      return p99
    }

    async function tailWhileLoggingIn(): Promise<number> {
      const all = Promise.all(
        people.map(person => person.send('POST', '/api/v1/auth/login', JSON.stringify(credentials)))
      )
      const p99 = await tail()
      await all
      return p99
    }

    await tailWhileLoggingIn()
    return {
      round: inTurn(tail, tailWhileLoggingIn),
      async close() {
        for (const person of people) person.close()
        await stop(load)
        await stop(ours.process)
        rmSync(dataDir, { recursive: true, force: true })
      }
    }
  }
}

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { listRuns } from '#contract/runs/runs'
import { agentsOf, runnerOf, send } from '../../kit/processes.ts'
import { temporaryFolder } from '../../kit/start-app.ts'
import { check } from './check.ts'
import { Clients } from './clients.ts'
import { Clis } from './clis.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { Plane } from './plane.ts'
import { rage } from './rage.ts'
import { seeded } from './random.ts'

const seconds = Number(process.env.FLOTILLA_STORM_SECONDS ?? 45)
/** From this length on real CLIs are among the agents: each takes a second to start. */
const withClis = seconds >= 300
const seed = Number(process.env.FLOTILLA_STORM_SEED ?? Date.now() % 1_000_000)
/** After the storm: until all runs have ended. */
const calmSeconds = 110

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

test(
  `a storm of ${seconds} s, seed ${seed}: nothing is lost, doubled or untrue`,
  async () => {
    const folder = temporaryFolder()
    const [dataDir, journals] = [join(folder, 'data'), join(folder, 'journals')]
    for (const dir of [dataDir, journals]) mkdirSync(dir, { mode: 0o700 })
    const ledger = openLedger()
    const random = seeded(seed)
    const clis = withClis ? await Clis.start(folder, random.fork()) : null
    const plane = new Plane(dataDir, ['--allowed-dirs', folder], () => clis?.environment() ?? {})
    const over = new AbortController()
    let held = false
    closing.push(async () => {
      over.abort()
      const runner = await runnerOf(dataDir)
      await (await plane.up()).kill('SIGKILL')
      if (runner !== null) send(runner, 'SIGKILL')
      for (const id of ledger.launches.keys()) for (const pid of await agentsOf(id)) send(pid, 'SIGKILL')
      await clis?.close()
      if (held) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
      else keep(ledger, folder)
    })

    await clis?.addHangingMcp(plane)
    const clients = new Clients({ plane, ledger, random: random.fork(), journals, clis, stop: over.signal })
    await rage({ plane, ledger, random: random.fork(), until: Date.now() + seconds * 1000 })
    await clients.calmDown()

    const { app, kill } = await plane.up()
    const { pagination } = await app.call(listRuns, { query: { status: 'QUEUED,CLAIMED,RUNNING,WAITING', limit: 1 } })
    expect(pagination.total).toBe(0)
    const unheard = () => ledger.sightings.filter(sighting => sighting.end === null).length
    await expect.poll(unheard, { timeout: 20_000 }).toBe(0)
    for (const id of ledger.launches.keys())
      await expect.poll(() => agentsOf(id), { timeout: 10_000, message: `processes of run ${id}` }).toEqual([])
    over.abort()
    await kill('SIGTERM')
    await expect.poll(() => runnerOf(dataDir), { timeout: 15_000, message: 'the runner leaves' }).toBeNull()

    const statuses: Record<string, number> = {}
    for (const status of ledger.shown.values()) statuses[status] = (statuses[status] ?? 0) + 1
    console.log(`seed ${seed}`, ledger.kills, statuses, ledger.largest)
    expect(check(dataDir, journals, ledger)).toEqual([])
    // A storm in which nothing happened proves nothing.
    expect(statuses.SUCCEEDED ?? 0).toBeGreaterThan(0)
    held = true
  },
  (seconds + calmSeconds + 60) * 1000
)

/** A storm cannot be had again: what a failed one left is what its cause is found in. */
function keep(ledger: Ledger, folder: string): void {
  const plain = (_key: string, value: unknown) =>
    value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value
  writeFileSync(join(folder, 'ledger.json'), JSON.stringify(ledger, plain))
  console.log(`Its database, journals and ledger stay in ${folder}`)
}

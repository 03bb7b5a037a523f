import { join } from 'node:path'
import { type FleetSize, fleetStoreFolder } from '../fleet-store.ts'
import { fullStoreFolder } from '../full-store.ts'
import { inTurn, type Line } from '../line.ts'
import { appOf } from '../live-run.ts'
import { ask, program, residentMb, startOurs, startProgram, startServer, stop } from '../processes.ts'
import { rawClient } from '../raw-client.ts'
import { medianOf } from '../statistics.ts'

const usual: FleetSize = { agents: 20, runs: 1000 }
const small: FleetSize = { agents: 10, runs: 10_000 }
const large: FleetSize = { agents: 1000, runs: 1_000_000 }
/** As many agents as in the large one, and as much in the last hours. */
const young: FleetSize = { agents: 1000, runs: 10_000 }
const requests = 300
/** Of what takes tens of milliseconds. */
const fewRequests = 20
const connections = 8

/** Requests a second over some connections, each with one under way. */
async function rate(clients: ReturnType<typeof rawClient>[], path: string): Promise<number> {
  const startedAt = performance.now()
  await Promise.all(
    clients.map(async client => {
      for (let n = 0; n < requests; n++) await client.send('GET', path)
    })
  )
  return (clients.length * requests * 1000) / (performance.now() - startedAt)
}

function open(url: string, token?: string) {
  return Array.from({ length: connections }, () => rawClient(url, token))
}

const listAgents: Line = {
  name: 'list-agents',
  title: 'List of 20 agents with credential, limits and contract, unchanged',
  floor: 'bare Express, the same SELECT, JSON, no credential',
  unit: 'requests/s',
  goal: { of: 'ratio', bound: 'at least', limit: 0.9 },
  rounds: 15,
  async prepare() {
    const dataDir = await fleetStoreFolder(usual)
    const floor = await startServer({ args: [program('floors/agents.ts'), join(dataDir, 'flotilla.db')] })
    const ours = await startOurs(dataDir)
    const app = appOf(dataDir)
    const clients = { floor: open(floor.url), ours: open(app.url, app.ownerToken) }
    const bare = () => rate(clients.floor, '/agents')
    const own = () => rate(clients.ours, '/api/v1/agents?limit=20')
    await bare()
    await own()
    return {
      round: inTurn(bare, own),
      async close() {
        for (const client of [...clients.floor, ...clients.ours]) client.close()
        for (const { process } of [floor, ours]) await stop(process)
      }
    }
  }
}

const usageQuery: Line = {
  name: 'usage-query',
  title: 'Usage of a month by model, over HTTP, of 1,000 agents, p50',
  floor: 'a scan of a million events, without HTTP',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', limit: 0.001 },
  rounds: 15,
  async prepare() {
    const scan = startProgram('floors/usage-scan.ts', [join(await fullStoreFolder(), 'flotilla.db')])
    const dataDir = await fleetStoreFolder(large)
    const ours = await startOurs(dataDir)
    const app = appOf(dataDir)
    const client = rawClient(app.url, app.ownerToken)
    const scanned = async () => (await ask<{ ms: number }>(scan, {})).ms
    const asked = () => median(client, () => '/api/v1/usage?period=month&groupBy=model')
    await scanned()
    await asked()
    return {
      round: inTurn(scanned, asked),
      async close() {
        client.close()
        await stop(scan)
        await stop(ours.process)
      }
    }
  }
}

async function median(client: ReturnType<typeof rawClient>, path: () => string, times = requests) {
  const took: number[] = []
  for (let n = 0; n < times; n++) {
    const startedAt = performance.now()
    await client.send('GET', path())
    took.push(performance.now() - startedAt)
  }
  return medianOf(took)
}

/** What was launched is taken back unmeasured: the fleet is kept for other lines and other days, as large as it is called. */
async function medianLaunch({ client }: Plane): Promise<number> {
  const took: number[] = []
  const launched: string[] = []
  for (let n = 0; n < requests; n++) {
    const startedAt = performance.now()
    const answer = await client.send('POST', '/api/v1/runs', launchBody)
    took.push(performance.now() - startedAt)
    launched.push((JSON.parse(answer.toString()) as { id: string }).id)
  }
  for (const id of launched) {
    await client.send('POST', `/api/v1/runs/${id}/cancel`, '{}')
    await client.send('DELETE', `/api/v1/runs/${id}`)
  }
  return medianOf(took)
}

type Plane = { client: ReturnType<typeof rawClient>; pid: number }

/** The same control plane on a small fleet and on a large one. */
function growing(
  line: Pick<Line, 'name' | 'title' | 'unit'>,
  measure: (plane: Plane) => Promise<number>,
  before = small
): Line {
  return {
    ...line,
    floor: `the same with ${before.agents.toLocaleString('en-US')} agents and ${before.runs.toLocaleString('en-US')} runs`,
    goal: { of: 'ratio', bound: 'at most', limit: 1.15 },
    rounds: 15,
    async prepare() {
      const planes = await Promise.all([before, large].map(start))
      const [few, many] = planes
      if (!few || !many) throw new Error('a fleet is missing')
      await measure(few)
      await measure(many)
      return {
        round: inTurn(
          () => measure(few),
          () => measure(many)
        ),
        async close() {
          for (const plane of planes) await plane.close()
        }
      }
    }
  }
}

async function start(size: FleetSize): Promise<Plane & { close(): Promise<void> }> {
  const dataDir = await fleetStoreFolder(size)
  const { process } = await startOurs(dataDir)
  const app = appOf(dataDir)
  const client = rawClient(app.url, app.ownerToken)
  const close = async () => {
    client.close()
    await stop(process)
  }
  return { client, pid: process.pid ?? 0, close }
}

const sizes = `${large.agents.toLocaleString('en-US')} agents and a million runs`
/** An address that nobody asked for before is read anew. */
let asked = 0
const readAnew = (path: string) => () => `${path}&nothing=${asked++}`
const launchBody = JSON.stringify({ prompt: 'measure', runtime: 'claude-code' })

export const fleetLines: readonly Line[] = [
  listAgents,
  usageQuery,
  growing(
    { name: 'growth-agents', title: `Page of 10 agents, read anew, of ${sizes}, p50`, unit: 'ms' },
    ({ client }) => median(client, readAnew('/api/v1/agents?limit=10'))
  ),
  growing(
    { name: 'growth-activity', title: `Activity of 1,000 agents in 12 hours, of ${sizes}, p50`, unit: 'ms' },
    ({ client }) => median(client, () => '/api/v1/activity', fewRequests),
    young
  ),
  growing(
    { name: 'growth-tasks', title: `Page of 60 tasks that are done, of ${sizes}, p50`, unit: 'ms' },
    ({ client }) => median(client, readAnew('/api/v1/tasks?status=done&limit=60'))
  ),
  growing(
    { name: 'growth-approvals', title: `Page of 20 decided requests, of ${sizes}, p50`, unit: 'ms' },
    ({ client }) => median(client, () => '/api/v1/approvals?status=decided&limit=20')
  ),
  growing({ name: 'growth-runs', title: `Page of 20 runs of ${sizes}, p50`, unit: 'ms' }, ({ client }) =>
    median(client, () => '/api/v1/runs?limit=20')
  ),
  growing({ name: 'growth-launch', title: `POST /runs with ${sizes}, p50`, unit: 'ms' }, medianLaunch),
  growing({ name: 'growth-memory', title: `Resident memory with ${sizes}`, unit: 'MB' }, async ({ pid }) =>
    residentMb(pid)
  )
]

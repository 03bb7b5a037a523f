import { fullStoreFolder } from '../full-store.ts'
import { inTurn, type Line } from '../line.ts'
import { program, type Server, startOurs, startServer, stop } from '../processes.ts'
import { rawClient } from '../raw-client.ts'

/** From the start of the process to the first answered request. */
async function untilAnswer(start: () => Promise<Server>): Promise<number> {
  const startedAt = performance.now()
  const server = await start()
  const client = rawClient(server.url)
  await client.send('GET', '/healthz')
  const ms = performance.now() - startedAt
  client.close()
  await stop(server.process)
  return ms
}

export const coldStart: Line = {
  name: 'cold-start',
  title: 'Start on 100,000 runs and a million events → first answer',
  floor: 'a process of node:http alone → first answer',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', limit: 4.5 },
  rounds: 25,
  async prepare() {
    const dataDir = await fullStoreFolder()
    const bare = program('floors/node-http.ts')
    const floor = () => untilAnswer(() => startServer({ args: [bare] }))
    const ours = () => untilAnswer(() => startOurs(dataDir))
    await floor()
    await ours()
    return { round: inTurn(floor, ours), close: async () => {} }
  }
}

import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import packageJson from '../../package.json' with { type: 'json' }
import { type Configuration, ConfigurationError, loadConfiguration, readIdentity } from './configuration.ts'
import { Connection, pauseMs } from './connection.ts'
import { createCall } from './control-plane-client.ts'
import { resolved } from './folder.ts'
import { HeldRuns } from './held-runs.ts'
import { Inventory } from './inventory.ts'
import { createLaunchLimit, runCapacity } from './launch-limit.ts'
import { host } from './places/host/host.ts'
import { becomeInstance } from './single-instance.ts'
import { StartedAgents } from './started-agents.ts'

const { version } = packageJson
/** After a signal: the stop ladder takes 5 s, the rest is for telling. */
const farewellMs = 9000

try {
  await main(loadConfiguration())
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error
  console.error(error.message)
  process.exitCode = 2
}

async function main(configuration: Configuration): Promise<void> {
  const { dataDir } = configuration
  const lock = await becomeInstance(dataDir, { pid: process.pid, version })
  if (lock === null) {
    console.error('Another runner of this data folder is running')
    process.exitCode = 3
    return
  }
  const identity = readIdentity(dataDir)
  const started = new StartedAgents(dataDir)
  // Before anything is claimed: a run whose agent still lives must not get another one.
  await Promise.all(started.left.map(({ runId }) => host.end(runId)))
  const { runs, connection } = compose(configuration, identity, started)
  leaveOnSignals(runs, connection)
  await connection.hold()
  lock.release()
  log('leaving')
  process.exit()
}

function compose(
  configuration: Configuration,
  identity: string,
  started: StartedAgents
): { runs: HeldRuns; connection: Connection } {
  const { kind, name, dataDir, env, practiceAgent, lonelyMs } = configuration
  const inventory = new Inventory({ dataDir, version, ownEnv: env, node: process.execPath, practiceAgent, log })
  const capacity = runCapacity()
  const runs = new HeldRuns(
    {
      folders: () => ({ allowedDirs: configuration.allowedDirs(), dataDir }),
      prepare: runtime => inventory.prepare(runtime),
      place: host,
      started,
      limit: createLaunchLimit(),
      send: (assignment, batch) => connection.send(assignment, batch),
      pauseMs,
      ownSecrets: () => ownSecrets(configuration)
    },
    capacity
  )
  const connection = new Connection({
    call: createCall(configuration.address),
    runs,
    inventory,
    lonelyMs,
    log,
    registration: async () => ({
      identity,
      name,
      kind,
      hostname: hostname(),
      platform: process.platform,
      version,
      allowedDirs: await Promise.all(configuration.allowedDirs().map(resolved)),
      capacity
    })
  })
  return { runs, connection }
}

/** What an agent finds of ours must not be told. */
function ownSecrets(configuration: Configuration): Record<string, string> {
  try {
    return { FLOTILLA_TOKEN: configuration.address().token }
  } catch {
    // The control plane is away: its token will be another one when it is back.
    return {}
  }
}

function leaveOnSignals(runs: HeldRuns, connection: Connection): void {
  let asked = false
  const onSignal = () => {
    if (asked) process.exit(1)
    asked = true
    log('asked to stop')
    void Promise.race([runs.stopAll(), sleep(farewellMs)]).then(() => connection.leave())
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

function log(message: string): void {
  console.log(`${new Date().toISOString()} ${message}`)
}

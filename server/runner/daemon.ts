import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import packageJson from '../../package.json' with { type: 'json' }
import { type Configuration, ConfigurationError, loadConfiguration, readIdentity } from './configuration.ts'
import { Connection, pauseMs } from './connection/connection.ts'
import { createControlPlaneClient } from './connection/control-plane-client.ts'
import { askForImage } from './connection/run-images.ts'
import { Daemons } from './execution/daemons.ts'
import { HeldRuns } from './execution/held-runs.ts'
import { StartedAgents } from './execution/started-agents.ts'
import { type Company, watchDrainedLives } from './life/drained-lives.ts'
import { Life } from './life/life.ts'
import { Log } from './life/log.ts'
import { becomeInstance, type InstanceLock } from './life/single-instance.ts'
import { resolved } from './places/host/folder.ts'
import { runCapacity } from './places/host/launch-limit.ts'
import { places as kinds } from './places/index.ts'
import { OpenPlaces } from './places/open-places.ts'
import { createAnswerers } from './questions/index.ts'
import { Questions } from './questions/questions.ts'
import { createRedactor } from './redaction/redactor.ts'
import { Spool } from './spool/spool.ts'

const { version } = packageJson
const self = { pid: process.pid, version }
/** Two folders may have one identity, as copies do; what this process registered it may register again. */
const processId = randomUUID()
/** After a signal: the stop ladder takes 5 s, the rest is for telling. */
const farewellMs = 9000
const logs = new Log()
const log = logs.write
/** Exit code: it works once its user changed its settings, and not before. */
const misconfigured = 2

try {
  await main(loadConfiguration())
} catch (error) {
  if (!(error instanceof ConfigurationError)) {
    log(wordsOf(error))
    process.exit(1)
  }
  console.error(error.message)
  process.exit(misconfigured)
}

/** What the system refuses is one line; anything else is our own fault and says where. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const bySystem = 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)
  return bySystem ? `The runner cannot start: ${error.message}` : (error.stack ?? error.message)
}

async function main(configuration: Configuration): Promise<void> {
  const { dataDir } = configuration
  logs.through(text => createRedactor({ secrets: ownSecrets(configuration) }).text(text))
  logs.catchFaults()
  const asked = Promise.withResolvers<void>()
  const lock = await becomeInstance(dataDir, self, { onDrain: asked.resolve })
  if (lock === null) {
    console.error('Another runner of this data folder is running')
    process.exitCode = 3
    return
  }
  for (const { message } of configuration.warnings()) log(message)
  const life = new Life(dataDir, readIdentity(dataDir))
  await configuration.pair?.(life.identity)
  const compose = await composer(configuration)
  const company = compose(life)
  const stopped = new AbortController()
  await company.runs.takeOver()
  const { identity } = life
  const onError = (error: unknown) => log(String(error))
  watchDrainedLives({ dataDir, identity, self, compose, stopped: stopped.signal, onError })
  // Where it fails this process keeps the lock until it has finished.
  asked.promise.then(() => makeRoom(dataDir, life, company, lock, stopped)).catch(onError)
  leaveOnSignals(company)
  await live(life, company)
  stopped.abort()
  lock.release()
  const { refusal } = company.connection
  if (refusal === null) log('leaving')
  else console.error(refusal)
  process.exit(refusal === null ? 0 : misconfigured)
}

async function live(life: Life, { runs, connection }: Company): Promise<void> {
  await connection.hold()
  await connection.farewell()
  if (runs.size === 0) life.end()
}

/** A newer version waits for this lock: what is held is finished beside it, under another identity. */
async function makeRoom(
  dataDir: string,
  life: Life,
  { runs, connection }: Company,
  lock: InstanceLock,
  stopped: AbortController
): Promise<void> {
  log('another version takes this place')
  stopped.abort()
  if (runs.size > 0) life.startDraining()
  await connection.drain()
  if (runs.size === 0) return
  life.moveFolder()
  await becomeInstance(dataDir, self, { name: life.identity })
  lock.release()
}

/** What one identity needs; what the machine offers is looked up once. */
async function composer(configuration: Configuration): Promise<(life: Life) => Company> {
  const { kind, name, dataDir, env, practiceAgent, lonelyMs, warnings, credential } = configuration
  const places = await OpenPlaces.open(kinds, {
    dataDir,
    version,
    ownEnv: env,
    node: process.execPath,
    practiceAgent,
    allowedDirs: configuration.allowedDirs,
    setupWarnings: warnings,
    log
  })
  // MCP servers are tried where agents usually run.
  const questions = new Questions(createAnswerers(places.usual))
  const capacity = runCapacity()
  const call = createControlPlaneClient(configuration.address)
  return life => {
    const daemons = new Daemons({
      folder: join(dataDir, 'daemons'),
      place: id => places.find(id),
      report: (runId, living) => connection.tellDaemons(runId, living)
    })
    const runs = new HeldRuns(
      {
        places,
        started: new StartedAgents(() => life.folder),
        daemons,
        spool: new Spool(() => life.folder),
        silenceMs: configuration.silenceMs,
        send: (run, batch) => connection.send(run, batch),
        image: (run, id) => askForImage(call, connection.caller, run, id),
        pauseMs,
        ownSecrets: () => ownSecrets(configuration)
      },
      capacity
    )
    const connection = new Connection({
      call,
      runs,
      places,
      questions,
      lonelyMs,
      credential,
      hasHome: () => kind === 'remote' || existsSync(dataDir),
      draining: life.drains !== null,
      log,
      registration: async () => ({
        identity: life.identity,
        process: processId,
        drains: life.drains,
        name,
        kind,
        hostname: hostname(),
        platform: process.platform,
        version,
        allowedDirs: await Promise.all(configuration.allowedDirs().map(resolved)),
        dataDir: await resolved(dataDir),
        capacity
      })
    })
    logs.through(text => runs.clean(text))
    return { runs, connection }
  }
}

/** What an agent finds of ours must not be told. */
function ownSecrets(configuration: Configuration): Record<string, string> {
  try {
    const { token } = configuration.address()
    return token === null ? {} : { FLOTILLA_TOKEN: token }
  } catch {
    // The control plane is away: its token will be another one when it is back.
    return {}
  }
}

function leaveOnSignals({ runs, connection }: Company): void {
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

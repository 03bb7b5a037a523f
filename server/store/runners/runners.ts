import { z } from 'zod'
import { type Runner, type RuntimeReport, runnerWarning, runtimeReport } from '#contract/runners/runners'
import { insertRow, iso, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'

export interface RunnerRow {
  id: string
  identity: string
  incarnation: string
  name: string
  kind: Runner['kind']
  hostname: string
  platform: string
  version: string
  online: number
  status_since: number
  allowed_dirs: string
  runtimes: string
  capacity: number
  last_heartbeat_at: number
  created_at: number
  /** Id of the runner whose last runs this one finishes; it takes no others. */
  drains_for: string | null
  /** `deleted`: by a person, and not heard of since. */
  state: 'known' | 'deleted'
  /** Of the process that registered last, by its own word; null: it has left. */
  process: string | null
  places: string
  labels: string
  /** Types of questions that it can answer; JSON. */
  questions: string
  /** null: it did not say. */
  data_dir: string | null
  /** JSON. */
  warnings: string
}

const columns = [
  'id',
  'identity',
  'incarnation',
  'name',
  'kind',
  'hostname',
  'platform',
  'version',
  'online',
  'status_since',
  'allowed_dirs',
  'runtimes',
  'capacity',
  'last_heartbeat_at',
  'created_at',
  'drains_for',
  'state',
  'process',
  'places',
  'labels',
  'questions',
  'data_dir',
  'warnings'
] as const

export function runnerStore(db: Database) {
  const all = db.prepare<[], RunnerRow>("SELECT * FROM runners WHERE state = 'known' ORDER BY online DESC, name, id")
  const online = db.prepare<[], RunnerRow>('SELECT * FROM runners WHERE online = 1 ORDER BY created_at')
  const taking = db.prepare<[], RunnerRow>(
    'SELECT * FROM runners WHERE online = 1 AND drains_for IS NULL ORDER BY created_at'
  )
  const byId = db.prepare<[string], RunnerRow>('SELECT * FROM runners WHERE id = ?')
  const byIdentity = db.prepare<[string], RunnerRow>('SELECT * FROM runners WHERE identity = ?')
  const forget = db.prepare("UPDATE runners SET state = 'deleted', online = 0 WHERE id = ?")
  const remove = db.prepare('DELETE FROM runners WHERE id = ?')
  const removeCommands = db.prepare('DELETE FROM commands WHERE runner_id = ?')
  const addCommand = db.prepare('INSERT INTO commands (runner_id, body, created_at) VALUES (?, ?, ?)')
  const commandsAfter = db.prepare<[string, number, number], { id: number; body: string }>(
    'SELECT id, body FROM commands WHERE runner_id = ? AND id > ? ORDER BY id LIMIT ?'
  )
  const hasCommandsUpTo = db
    .prepare<[string, number], number>('SELECT EXISTS (SELECT 1 FROM commands WHERE runner_id = ? AND id <= ?)')
    .pluck()
  const dropCommands = db.prepare('DELETE FROM commands WHERE runner_id = ? AND id <= ?')
  const dropCommand = db.prepare('DELETE FROM commands WHERE id = ?')
  const dropQuestions = db.prepare("DELETE FROM commands WHERE json_extract(body, '$.type') = 'ask'")
  const commandCount = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'commands'").pluck()
  const startCounting = db.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('commands', ?)")
  const countOn = db.prepare("UPDATE sqlite_sequence SET seq = ? WHERE name = 'commands'")
  const repeatCommands = db.prepare(
    'INSERT INTO commands (runner_id, body, created_at) SELECT runner_id, body, created_at FROM commands WHERE runner_id = ? ORDER BY id'
  )
  const moveCommands = db.prepare(
    "UPDATE commands SET runner_id = ? WHERE runner_id = ? AND json_extract(body, '$.runId') = ?"
  )
  return {
    insert: insertRow<RunnerRow>(db, 'runners', columns),
    update: partialUpdate<RunnerRow>(db, 'runners', 'id'),
    all: () => all.all(),
    online: () => online.all(),
    /** Connected, and free to take further runs. */
    taking: () => taking.all(),
    byId: (id: string) => byId.get(id),
    byIdentity: (identity: string) => byIdentity.get(identity),
    /** The row stays: who comes back is the same. */
    forget(id: string) {
      removeCommands.run(id)
      forget.run(id)
    },
    remove(id: string) {
      removeCommands.run(id)
      remove.run(id)
    },
    /** Returns its id. */
    addCommand: (runnerId: string, body: string, now: number) =>
      Number(addCommand.run(runnerId, body, now).lastInsertRowid),
    commandsAfter: (runnerId: string, after: number, limit: number) => commandsAfter.all(runnerId, after, limit),
    hasCommandsUpTo: (runnerId: string, id: number) => hasCommandsUpTo.get(runnerId, id) === 1,
    /** The runner carried these out; they are never sent again. */
    dropCommands: (runnerId: string, upTo: number) => dropCommands.run(runnerId, upTo),
    dropCommand: (id: number) => dropCommand.run(id),
    /** Nobody waits for an answer to them any more. */
    dropQuestions: () => dropQuestions.run(),
    /** Id of the newest command that there ever was. */
    lastCommand: () => commandCount.get() ?? 0,
    /** Later commands get higher ids than this. */
    countCommandsFrom(id: number) {
      const last = commandCount.get()
      if (last === undefined) startCounting.run(id)
      else if (last < id) countOn.run(id)
    },
    /** Gives what waits for a runner new ids, in the same order. */
    repeatCommands(runnerId: string) {
      const last = commandCount.get() ?? 0
      repeatCommands.run(runnerId)
      dropCommands.run(runnerId, last)
    },
    /** What a run is told goes with it. */
    moveCommands: (from: string, to: string, runId: string) => moveCommands.run(to, from, runId)
  }
}

const stringArray = z.array(z.string())
const reports = z.array(runtimeReport)
const warnings = z.array(runnerWarning)

export function placesOf(row: RunnerRow): string[] {
  return stringArray.parse(JSON.parse(row.places))
}

export function labelsOf(row: RunnerRow): string[] {
  return stringArray.parse(JSON.parse(row.labels))
}

export function questionsOf(row: RunnerRow): string[] {
  return stringArray.parse(JSON.parse(row.questions))
}

export function allowedDirsOf(row: RunnerRow): string[] {
  return stringArray.parse(JSON.parse(row.allowed_dirs))
}

export function runtimesOf(row: RunnerRow): RuntimeReport[] {
  return reports.parse(JSON.parse(row.runtimes))
}

export function toRunner(row: RunnerRow, activeRuns: number): Runner {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    hostname: row.hostname,
    platform: row.platform,
    version: row.version,
    status: row.online === 1 ? 'online' : 'offline',
    draining: row.drains_for !== null,
    statusSince: iso(row.status_since),
    allowedDirs: allowedDirsOf(row),
    dataDir: row.data_dir,
    places: placesOf(row),
    labels: labelsOf(row),
    runtimes: runtimesOf(row),
    warnings: warnings.parse(JSON.parse(row.warnings)),
    capacity: row.capacity,
    activeRuns,
    lastHeartbeatAt: iso(row.last_heartbeat_at),
    createdAt: iso(row.created_at)
  }
}

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { v7 as uuidv7 } from 'uuid'
import { cache, root, startOurs, stop } from './processes.ts'
import { untilRead } from './search-store.ts'

/**
 * A fleet of some size: agents, ended runs without events, and a month of usage of each agent. For each hundred runs there are
 * a task and a decided request.
 */
export interface FleetSize {
  agents: number
  runs: number
}

/** The runs of all agents lie so far apart and last so long: the last hours hold as many, however many there are in all. */
const runEachMs = 10_000
const runMs = 60_000

const models = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-4-5']
const usageDays = 30
const taskStatuses = ['done', 'done', 'done', 'pending', 'error']
const deeds = [
  'Fix the flaky test',
  'Refund the orders',
  'Write the notes',
  'Raise the packages',
  'Look through the logs'
]

/** What a run was asked for. */
const wordsOf = (n: number) => `${deeds[n % deeds.length]} of service ${n % 377}`
const step = 2000

/** Its data folder, built once for each size and kept in `.cache`. */
export async function fleetStoreFolder(size: FleetSize): Promise<string> {
  const migrations = join(root, 'server/store/migrations')
  const sources = [...readdirSync(migrations).map(file => join(migrations, file)), import.meta.filename]
  const hash = createHash('sha256')
  for (const file of sources.sort()) hash.update(readFileSync(file))
  const name = `fleet-${size.agents}-${size.runs}-`
  const folder = join(cache, name + hash.digest('hex').slice(0, 12))
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  for (const old of readdirSync(cache)) if (old.startsWith(name)) rmSync(join(cache, old), { recursive: true })
  console.log(`Building a fleet of ${size.agents} agents and ${size.runs} runs, once`)
  const fresh = `${folder}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  // The product itself makes the schema.
  await stop((await startOurs(fresh)).process)
  fill(join(fresh, 'flotilla.db'), size)
  const server = await startOurs(fresh)
  await untilRead(fresh)
  await stop(server.process)
  renameSync(fresh, folder)
  return folder
}

function fill(file: string, { agents, runs }: FleetSize): void {
  const db = new Sqlite(file)
  db.pragma('synchronous = OFF')
  const now = Date.now()
  const { agent, run, task, approval, usage } = insertions(db)
  const ids = Array.from({ length: agents }, () => uuidv7())
  const modelOf = (index: number) => models[index % models.length] ?? ''
  db.transaction(() => {
    ids.forEach((id, index) => {
      agent.run({ id, slug: `agent-${index}`, name: `Agent ${index}`, model: modelOf(index), at: now })
    })
    for (let back = 0; back < usageDays; back++) {
      const day = new Date(now - back * 86_400_000).toISOString().slice(0, 10)
      ids.forEach((id, index) => {
        usage.run(day, id, modelOf(index), 3, 3)
      })
      for (const model of models) usage.run(day, '*', model, agents, agents)
    }
  })()
  const fillRuns = db.transaction((from: number, to: number) => {
    for (let n = from; n < to; n++) {
      const [id, other, third] = [uuidv7(), uuidv7(), uuidv7()]
      const of = ids[n % agents]
      const at = now - runMs - (runs - n) * runEachMs
      const { lastInsertRowid: number } = run.run({ id, agent: of, input: wordsOf(n), at, ended: at + runMs })
      if (n % 100 !== 0) continue
      const status = taskStatuses[(n / 100) % taskStatuses.length]
      task.run({ id: other, title: wordsOf(n), status, agent: of, run: id, at })
      approval.run({ id: third, number, run: id, agent: of, at })
    }
  })
  for (let from = 0; from < runs; from += step) fillRuns(from, Math.min(from + step, runs))
  // Filled past the product's own moves, the runs stand as waiting in the counters of their agents.
  db.exec('UPDATE agents SET queued = 0')
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

/** Rows of the store, past the product's own moves. */
function insertions(db: Sqlite.Database) {
  return {
    agent: db.prepare(
      `INSERT INTO agents (id, slug, name, role, description, tags, capabilities, provider, model, fallback_models, place,
         permission_mode, allowed_tools, limits, instructions, owner_id, state_since, created_at, updated_at)
       VALUES (@id, @slug, @name, 'Engineer', 'Keeps the tests green.', '["team"]', '["code"]', 'anthropic', @model, '[]', 'host',
         'default', '[]', '{}', 'Be brief.', 'owner', @at, @at, @at)`
    ),
    run: db.prepare(
      `INSERT INTO runs (id, status, status_since, input, cwd, permission_mode, runtime, agent_id, pinned, place, root_run_id, fork,
         trigger, result, last_seq, created_at, started_at, ended_at)
       VALUES (@id, 'SUCCEEDED', @ended, @input, '/home/me/project', 'default', 'claude-code', @agent, 0, 'host', @id, 0,
         'agent', 'Done.', 1, @at, @at, @ended)`
    ),
    task: db.prepare(
      `INSERT INTO tasks (id, title, input, status, status_since, priority, assignee_id, run_id, created_at, started_at, finished_at)
       VALUES (@id, @title, 'Find out why and mend it.', @status, @at, 'normal', @agent, @run, @at, @at, @at)`
    ),
    approval: db.prepare(
      `INSERT INTO approvals (id, run, run_id, attempt, key, kind, tool, title, subject, input, status, scope, decided_by, decided_at,
         created_at, agent_id)
       VALUES (@id, @number, @run, 1, 'k', 'tool', 'Bash', 'wants to run a command', 'npm test', '{"command":"npm test"}', 'approved',
         'once', 'owner', @at, @at, @agent)`
    ),
    usage: db.prepare(
      `INSERT INTO usage_daily (day, agent_id, provider, model, runtime, runs, succeeded, input_tokens, output_tokens, cost_usd)
       VALUES (?, ?, 'anthropic', ?, 'claude-code', ?, ?, 1000, 500, 0.01)`
    )
  }
}

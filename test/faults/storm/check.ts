import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { runEvent } from '#contract/runs/events'
import { isEnded } from '#contract/runs/runs'
import { checkCli, checkRun } from './check-run.ts'
import { readJournals } from './journal.ts'
import { hashOf, type Ledger, type Sighting } from './ledger.ts'
import { isScripted } from './plan.ts'
import { approvalRow, inputRow, runRow, type StoredRun } from './stored-run.ts'

const count = z.object({ n: z.int() })

/** Compares the database itself with what clients were promised, what they saw, and what the agents noted. */
export function check(dataDir: string, journalFolder: string, ledger: Ledger): string[] {
  const db = new Sqlite(join(dataDir, 'flotilla.db'), { readonly: true })
  const journals = readJournals(journalFolder)
  const found = [...ledger.contradictions, ...checkDatabase(db), ...checkFolder(dataDir)]
  const runs = readRuns(db)
  db.close()
  const stored = new Set(runs.map(({ row }) => row.id))
  for (const id of ledger.launches.keys()) if (!stored.has(id)) found.push(`run ${id} was promised and is not there`)
  if (runs.length !== ledger.launches.size)
    found.push(`${ledger.launches.size} launches were promised, ${runs.length} runs are there`)
  for (const run of runs) {
    const say = (words: string) => found.push(`run ${run.row.number} (${run.row.id}): ${words}`)
    const plan = ledger.launches.get(run.row.id)
    if (plan && isScripted(plan)) checkRun(run, plan, journals.get(run.row.id) ?? [], ledger, say)
    else if (plan) checkCli(run, plan, ledger, say)
    else say('nobody launched it')
    const seen = ledger.sightings.filter(sighting => sighting.runId === run.row.id)
    for (const sighting of seen) checkSighting(run, sighting, say)
    if (ledger.shown.get(run.row.id) !== run.row.status)
      say(`the stream of changes showed ${ledger.shown.get(run.row.id)} last, it is ${run.row.status}`)
  }
  return found
}

function readRuns(db: Sqlite.Database): StoredRun[] {
  const events = db.prepare<[number, number], { body: string; seq: number }>(
    'SELECT seq, body FROM events WHERE id > (? << 32) AND id < ((? + 1) << 32) ORDER BY id'
  )
  const approvals = db.prepare('SELECT * FROM approvals WHERE run = ? ORDER BY number')
  const inputs = db.prepare('SELECT * FROM inputs WHERE run = ? ORDER BY turn, n')
  const rows = runRow.array().parse(db.prepare('SELECT * FROM runs ORDER BY number').all())
  return rows.map(row => ({
    row,
    events: events.all(row.number, row.number).map(({ body }) => runEvent.parse(JSON.parse(body))),
    approvals: approvalRow.array().parse(approvals.all(row.number)),
    inputs: inputRow.array().parse(inputs.all(row.number))
  }))
}

function checkDatabase(db: Sqlite.Database): string[] {
  const found: string[] = []
  const integrity = JSON.stringify(db.pragma('integrity_check'))
  if (!integrity.includes('"ok"')) found.push(`the database is damaged: ${integrity}`)
  const number = (sql: string) => count.parse(db.prepare(sql).get()).n
  for (const [what, table, counts] of [
    ['runs', 'runs', 'run_counts'],
    ['approvals', 'approvals', 'approval_counts']
  ])
    if (number(`SELECT count(*) AS n FROM ${table}`) !== number(`SELECT coalesce(sum(count), 0) AS n FROM ${counts}`))
      found.push(`the counters of ${what} are wrong`)
  const foreign = number('SELECT count(*) AS n FROM events WHERE run NOT IN (SELECT number FROM runs)')
  if (foreign > 0) found.push(`${foreign} events belong to no run`)
  return found
}

/** Files that are there for a short while only. */
function checkFolder(dataDir: string): string[] {
  const agents = join(dataDir, 'started-agents')
  const left = existsSync(agents) ? readdirSync(agents).map(name => `started-agents/${name}`) : []
  const drafts = readdirSync(dataDir).filter(name => /\.(new|tmp)$/.test(name) || name === '.write-probe')
  return [...left, ...drafts].map(name => `${name} was left behind in the data folder`)
}

function checkSighting({ row, events }: StoredRun, sighting: Sighting, say: (words: string) => void): void {
  const { how, after, end } = sighting
  const wrong = sighting.events.findIndex(
    ({ seq, hash }, index) => seq !== after + index + 1 || hashOf(events[seq - 1] ?? null) !== hash
  )
  if (wrong !== -1)
    say(
      `a listener by ${how} got at place ${after + wrong + 1} event ${sighting.events[wrong]?.seq}, not what is stored there`
    )
  const last = after + sighting.events.length
  if (end !== null && !isEnded(end)) say(`a listener by ${how} was told the end ${end}`)
  // A lost run may live again after its listeners were told.
  if (end !== null && end !== 'LOST' && (end !== row.status || last !== row.last_seq))
    say(`a listener by ${how} was told ${end} after event ${last}, it is ${row.status} after event ${row.last_seq}`)
  if (end === null) say(`a listener by ${how} was never told the end`)
}

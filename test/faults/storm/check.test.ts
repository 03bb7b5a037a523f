import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approve, listApprovals } from '#contract/runs/approvals'
import { addInput, launchRun } from '#contract/runs/runs'
import { eventsOf } from '../../kit/events.ts'
import { connectRunner, type Draft, report } from '../../kit/runner-client.ts'
import { startApp, temporaryFolder } from '../../kit/start-app.ts'
import { check } from './check.ts'
import { openJournal } from './journal.ts'
import { hashOf, type Ledger, openLedger } from './ledger.ts'
import { lineOf, type Plan } from './plan.ts'

let folder: string
let runId: string
let base: string
let ledger: Ledger
beforeAll(async () => {
  folder = temporaryFolder()
  base = join(folder, 'base')
  mkdirSync(join(folder, 'journals'))
  mkdirSync(base)
  ledger = openLedger()
  runId = await oneRun()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const say = (n: number): Draft => ({ type: 'event', kind: 'assistant', message: lineOf(n), data: {} })
const asks: Draft = {
  type: 'approval',
  key: 'question 1',
  kind: 'tool',
  tool: 'Storm',
  toolUseId: null,
  title: 'asks',
  subject: '',
  input: {},
  reason: null
}

/** A run as a storm makes it, where all goes well, and what everybody saw of it. */
async function oneRun(): Promise<string> {
  const app = await startApp()
  const plan: Plan = { output: 'events', steps: [], ending: 'well' }
  const runner = await connectRunner(app, { runtimes: [report('command')] })
  const command = { program: 'agent', output: 'events' }
  const { id } = await app.call(launchRun, { body: { prompt: JSON.stringify(plan), runtime: 'command', command } })
  const assignment = await runner.claimOne()
  await runner.send(assignment, { type: 'started' }, say(1), asks)
  const { data } = await app.call(listApprovals)
  for (const approval of data) {
    await app.call(approve, { params: { id: approval.id } })
    ledger.decisions.set(approval.id, ['approved'])
  }
  const { n } = await app.call(addInput, { params: { id }, body: { text: 'words' } })
  await runner.send(assignment, say(2), { type: 'turn' })
  await runner.finish(assignment, 'SUCCEEDED', { result: 'done after 2' })

  const note = openJournal(join(folder, 'journals'), id)
  note({ type: 'started', pid: process.pid })
  for (const n of [1, 2]) {
    note({ type: 'saying', n })
    note({ type: 'said', n })
  }
  note({ type: 'answered', key: 'question 1', allow: true })
  note({ type: 'heard', text: 'words' })
  note({ type: 'result', text: 'done after 2' })
  const events = (await eventsOf(app, id)).map(event => ({ seq: event.seq, hash: hashOf(event) }))
  ledger.launches.set(id, plan)
  ledger.inputs.push({ runId: id, n, text: 'words' })
  ledger.sightings.push({ runId: id, how: 'sse', after: 0, events, end: 'SUCCEEDED' })
  ledger.shown.set(id, 'SUCCEEDED')
  const db = new Sqlite(join(app.dataDir, 'flotilla.db'))
  db.prepare('VACUUM INTO ?').run(join(base, 'flotilla.db'))
  db.close()
  await app.close()
  return id
}

/** What the checker says when the database was changed behind everybody's back. */
function verdict(tampering: string, seen: Partial<Ledger> = {}): string {
  const dataDir = join(folder, 'tampered')
  mkdirSync(dataDir)
  try {
    const whole = new Sqlite(join(base, 'flotilla.db'))
    whole.prepare('VACUUM INTO ?').run(join(dataDir, 'flotilla.db'))
    whole.close()
    const db = new Sqlite(join(dataDir, 'flotilla.db'))
    db.exec(tampering)
    db.close()
    return check(dataDir, join(folder, 'journals'), { ...ledger, ...seen }).join('\n')
  } finally {
    rmSync(dataDir, { recursive: true })
  }
}

test('finds nothing where all went well', () => {
  expect(verdict('')).toBe('')
})

test.each([
  ['an event that is gone', 'DELETE FROM events WHERE seq = 3', 'event 3 is not there'],
  ['a last event that is gone', 'DELETE FROM events WHERE seq = (SELECT last_seq FROM runs)', 'its log ends with'],
  ['a line that stands twice', swap('line 2', 'line 1'), 'line 2 reads "line 1'],
  ['an event that is not what was shown', swap('"asks"', '"asked"'), 'a listener by sse got at place'],
  [
    'an end that is not true',
    "UPDATE runs SET status = 'LOST', status_reason = 'x'",
    'it is lost (x), its runner was not'
  ],
  ['a cancellation that nobody wanted', "UPDATE runs SET status = 'CANCELLED'", 'nobody wanted that'],
  ['an end that never came', "UPDATE runs SET status = 'RUNNING'", 'it is RUNNING for ever'],
  ['a failure without a reason', "UPDATE runs SET status = 'FAILED'", 'does not say why'],
  ['a result that the agent did not give', "UPDATE runs SET result = 'x'", 'its agent said done after 2'],
  ['a run that is gone', 'DELETE FROM runs', 'was promised and is not there'],
  ['an approval that was turned round', "UPDATE approvals SET status = 'denied'", 'it is denied'],
  ['an approval that still waits', "UPDATE approvals SET status = 'pending'", 'still waits'],
  ['input that is gone', 'DELETE FROM inputs', 'input 1 was promised and is not there'],
  ['input that was delivered otherwise', "UPDATE inputs SET text = 'other'", 'other input than was delivered'],
  ['counters that are wrong', 'UPDATE run_counts SET count = count + 1', 'the counters of runs are wrong']
])('finds %s', (_, tampering, words) => {
  expect(verdict(tampering)).toContain(words)
})

test('finds what clients saw twice, not at all, or decided twice', () => {
  const [whole] = ledger.sightings
  const [first, second, ...rest] = whole?.events ?? []
  if (!whole || !first || !second) throw new Error('nobody saw it')
  const seen = (events: typeof rest) => verdict('', { sightings: [{ ...whole, events }] })
  expect(seen([first, first, second, ...rest])).toContain('at place 2 event 1')
  expect(seen([first, ...rest])).toContain('at place 2 event 3')
  expect(seen([first, second])).toContain('was told SUCCEEDED after event 2')
  expect(verdict('', { sightings: [{ ...whole, end: null }] })).toContain('never told the end')
  const decisions = new Map([...ledger.decisions.keys()].map(id => [id, ['approved', 'denied'] as const]))
  expect(verdict('', { decisions: new Map([...decisions].map(([id, both]) => [id, [...both]])) })).toContain('2 times')
})

test('finds an agent that was started twice', () => {
  const second = join(folder, 'journals', `${runId}.1`)
  writeFileSync(second, '')
  expect(verdict('')).toContain('executed 2 times')
  rmSync(second)
})

function swap(from: string, to: string): string {
  return `UPDATE events SET body = replace(body, '${from}', '${to}')`
}

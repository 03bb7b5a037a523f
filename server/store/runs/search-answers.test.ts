import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../database.ts'
import { eventStore } from './events.ts'
import { runsToReadStore } from './runs-to-read.ts'
import { openSearch } from './search-answers.ts'
import type { SearchQuestion } from './search-question.ts'

let folder: string
let db: Database
let opened: ReturnType<typeof openSearch>[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-search-'))
  db = openDatabase(folder)
  opened = []
})
afterEach(() => {
  for (const one of opened) one.close()
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

function open() {
  const one = openSearch(db.name)
  opened.push(one)
  return one
}

function reopen() {
  opened.pop()?.close()
  return open()
}

const at = Date.parse('2026-11-01T10:00:00Z')
const day = 86_400_000

/** A run of a day each, with what it says. */
function addRun(texts: readonly string[], { owner = 'ada', kind = 'assistant' } = {}): number {
  const number = Number(
    db
      .prepare(
        `INSERT INTO runs (id, status, status_since, input, permission_mode, runtime, pinned, place, root_run_id, fork, trigger,
           created_at, ended_at, owner_id) VALUES (?, 'SUCCEEDED', 0, 'x', 'default', 'command', 0, 'host', 'x', 0, 'manual', 0, 0, ?)`
      )
      .run(crypto.randomUUID(), owner).lastInsertRowid
  )
  const created = at + number * day
  db.prepare('UPDATE runs SET created_at = ?, ended_at = ? WHERE number = ?').run(created, created + 3_600_000, number)
  say(number, texts, kind)
  return number
}

function say(run: number, texts: readonly string[], kind = 'assistant'): void {
  const { last_seq, created_at } = db.prepare('SELECT last_seq, created_at FROM runs WHERE number = ?').get(run) as {
    last_seq: number
    created_at: number
  }
  for (const [index, message] of texts.entries()) {
    const seq = last_seq + index + 1
    const ts = new Date(created_at + seq * 1000).toISOString()
    eventStore(db).append(run, { seq, body: JSON.stringify({ seq, ts, kind, message, data: {} }) })
  }
  db.prepare('UPDATE runs SET last_seq = ? WHERE number = ?').run(last_seq + texts.length, run)
  runsToReadStore(db).add(run)
}

/** Reads until there is nothing more, as the main thread asks for it. Returns why it was made anew. */
function readAll({ answers }: ReturnType<typeof openSearch>): string | null {
  const toRead = runsToReadStore(db)
  let why: string | null = null
  for (;;) {
    const step = answers.step()
    why ??= step.remade
    toRead.done(step.read)
    if (!step.behind) toRead.everythingDone()
    if (!step.more) return why
  }
}

const words = (...required: string[]) => ({ required: required.map(word => [word]), excluded: [] as string[] })
const question = (wanted: SearchQuestion['wanted'], more: Partial<SearchQuestion> = {}): SearchQuestion => ({
  wanted,
  kinds: null,
  agentId: null,
  run: null,
  after: null,
  before: null,
  sight: 'everything',
  below: null,
  perRun: null,
  limit: 50,
  lookMs: 60_000,
  ...more
})

function found(search: ReturnType<typeof openSearch>, text: string | SearchQuestion): string[] {
  const asked = typeof text === 'string' ? question(words(text)) : text
  return search.answers.find(asked).hits.map(({ run, seq }) => `${run}.${seq}`)
}

test('words are found in their forms, and in identifiers; phrases in their order; each with its place', () => {
  addRun([
    'The idempotencyKey was claimed inside the transaction',
    'An idempotency_key, of GitHub',
    'key of idempotency',
    'Größe über alles: 検索機能を試す'
  ])
  const search = open()
  readAll(search)
  expect(found(search, 'claim')).toEqual(['1.1'])
  expect(found(search, 'idempotency key')).toEqual(['1.2', '1.1'])
  expect(found(search, question(words('key', 'idempotency')))).toEqual(['1.3', '1.2', '1.1'])
  expect(found(search, 'idempotencykey')).toEqual(['1.1'])
  expect(found(search, 'idempotencyKeys')).toEqual(['1.2', '1.1'])
  expect(found(search, 'github')).toEqual(['1.2'])
  expect(found(search, 'hub')).toEqual(['1.2'])
  expect(found(search, 'grosse')).toEqual([])
  expect(found(search, 'GRÖSSE'.replace('SS', 'ß'))).toEqual(['1.4'])
  expect(found(search, 'uber')).toEqual(['1.4'])
  expect(found(search, '機能')).toEqual(['1.4'])
  expect(found(search, question({ required: [['claim', 'github']], excluded: ['idempotency_key'] }))).toEqual([])
  const [hit] = search.answers.find(question(words('claims', 'inside'))).hits
  expect(hit?.excerpt).toEqual([
    { text: 'The idempotencyKey was ', hit: false },
    { text: 'claimed', hit: true },
    { text: ' ', hit: false },
    { text: 'inside', hit: true },
    { text: ' the transaction', hit: false }
  ])
})

test('the end of a run is found by its result, unless the agent had said that just before', () => {
  const [said, unsaid] = [addRun(['It is mended\n', 'and tested']), addRun(['working on it'])]
  for (const run of [said, unsaid]) {
    db.prepare("UPDATE runs SET result = 'It is mended' WHERE number = ?").run(run)
    say(run, ['Done'], 'result')
  }
  const search = open()
  readAll(search)
  expect(found(search, 'mended')).toEqual(['2.2', '1.1'])
  expect(search.answers.find(question(words('mended'), { run: unsaid })).hits[0]?.excerpt).toEqual([
    { text: 'Done It is ', hit: false },
    { text: 'mended', hit: true }
  ])
})

test('signs that the index would read are only signs', () => {
  addRun(['rowid: NEAR(a b) {user} ^x "quoted" said*'])
  const search = open()
  readAll(search)
  for (const text of ['NEAR(a b)', '{user}', '^x', 'said*', 'rowid:'])
    expect([text, found(search, text)]).toEqual([text, ['1.1']])
  for (const text of ['quoted" OR "x', "'; DROP TABLE said", 'sai*', 'NEAR(b a)'])
    expect([text, found(search, text)]).toEqual([text, []])
})

test('the newest come first, page by page, at most so many of each run', () => {
  for (let run = 1; run <= 5; run++) addRun(['a word', 'another word', 'third word'])
  const search = open()
  readAll(search)
  const pages: string[][] = []
  let below: SearchQuestion['below'] = null
  do {
    const answer = search.answers.find(question(words('word'), { limit: 4, perRun: 2, below }))
    pages.push(answer.hits.map(({ run, seq }) => `${run}.${seq}`))
    expect([...answer.counts.values()]).toEqual([...answer.counts.keys()].map(() => 3))
    below = answer.next
  } while (below !== null)
  expect(pages).toEqual([
    ['5.3', '5.2', '4.3', '4.2'],
    ['3.3', '3.2', '2.3', '2.2'],
    ['1.3', '1.2']
  ])
  expect(found(search, question(words('word'), { limit: 7 }))).toEqual([
    '5.3',
    '5.2',
    '5.1',
    '4.3',
    '4.2',
    '4.1',
    '3.3'
  ])
})

test('agent, run, kind and time narrow it; who may see what is part of the question', () => {
  addRun(['a word'])
  addRun(['a word'], { owner: 'eve' })
  addRun(['a word'], { kind: 'thinking' })
  const search = open()
  readAll(search)
  const asked = (more: Partial<SearchQuestion>) => found(search, question(words('word'), more))
  expect(asked({ kinds: ['thinking', 'user'] })).toEqual(['3.1'])
  expect(asked({ run: 2 })).toEqual(['2.1'])
  expect(asked({ after: at + 2 * day })).toEqual(['3.1', '2.1'])
  expect(asked({ before: at + 2 * day + 1000 })).toEqual(['1.1'])
  expect(asked({ after: at + 1 * day + 1000, before: at + 2 * day })).toEqual(['1.1'])
  expect(asked({ sight: { userId: 'eve' } })).toEqual(['2.1'])
  expect(asked({ sight: { userId: 'eve' }, limit: 1, perRun: 1 })).toEqual(['2.1'])
  expect(asked({ sight: { userId: 'ada' }, run: 2 })).toEqual([])
  expect(asked({ agentId: 'nobody' })).toEqual([])
})

test('what was there before the index is read behind what comes, and it says how far it is', () => {
  db.transaction(() => {
    for (let run = 1; run <= 600; run++) addRun([`old word ${run}`])
  })()
  runsToReadStore(db).addEverything()
  db.exec('DELETE FROM runs_to_read WHERE run > 0')
  const search = open()
  addRun(['new word'])
  const first = search.answers.step()
  expect(first).toMatchObject({ read: [{ run: 601, upTo: 1, gone: false }] })
  expect(found(search, 'new')).toEqual(['601.1'])
  if (first.behind) expect(search.answers.find(question(words('new'))).index).toMatchObject({ complete: false })
  readAll(search)
  const { index } = search.answers.find(question(words('1')))
  expect(index).toEqual({ complete: true, completeBackTo: null, runsLeft: 0, rebuilt: null })
  expect(found(search, 'word 1')).toEqual(['1.1'])
  expect(runsToReadStore(db).any()).toBe(false)
})

test('what goes on while it is read is read again; what is gone is not found, at once and for good', () => {
  const run = addRun(['first word'])
  const search = open()
  const { read } = search.answers.step()
  say(run, ['second word'])
  runsToReadStore(db).done(read)
  readAll(search)
  expect(found(search, 'second')).toEqual([`${run}.2`])
  db.prepare('UPDATE runs SET events_removed_at = 1 WHERE number = ?').run(run)
  runsToReadStore(db).add(run)
  expect(found(search, 'word')).toEqual([])
  // A reading from before it was let go does not count for that.
  runsToReadStore(db).done([{ run, upTo: 2, gone: false }])
  expect(runsToReadStore(db).any()).toBe(true)
  readAll(search)
  db.prepare('UPDATE runs SET events_removed_at = NULL WHERE number = ?').run(run)
  expect(found(search, 'word')).toEqual([])
})

test.each([
  ['torn in the middle', (file: string) => overwrite(file, 4096)],
  ['no database any more', (file: string) => writeFileSync(file, 'nonsense'.repeat(1000))],
  ['of another version', () => undefined],
  ['about other data', () => undefined]
])('an index that is %s is made anew by itself, and says so', (what, tear) => {
  const run = addRun(['a word'])
  const search = open()
  readAll(search)
  opened.pop()?.close()
  if (what === 'about other data') db.prepare('UPDATE runs SET id = ? WHERE number = ?').run(crypto.randomUUID(), run)
  else if (what === 'of another version') setVersion(join(folder, 'search.db'))
  else tear(join(folder, 'search.db'))
  const again = open()
  expect(readAll(again)).toMatch(/./)
  expect(found(again, 'word')).toEqual([`${run}.1`])
  const { index } = reopen().answers.find(question(words('word')))
  expect(index).toMatchObject({ complete: true, rebuilt: { why: expect.stringMatching(/./) } })
})

test('an index that is torn while it is open is made anew by who notices', () => {
  const texts = Array.from({ length: 2000 }, (_, index) => `word ${index}`)
  const run = db.transaction(() => addRun(texts))()
  let search = open()
  readAll(search)
  search = reopen()
  overwrite(join(folder, 'search.db'), 4096)
  const { hits, index } = search.answers.find(question(words('word', '1234')))
  expect(hits).toEqual([])
  expect(index).toMatchObject({ complete: false, rebuilt: {} })
  expect(readAll(search)).toMatch(/./)
  expect(found(search, '1234')).toEqual([`${run}.1235`])
})

test('many runs are looked through in one answer as far as its time goes, and the next one goes on', () => {
  db.transaction(() => {
    for (let run = 1; run <= 700; run++) addRun([run === 1 ? 'the needle' : 'hay'])
  })()
  const search = open()
  readAll(search)
  const first = search.answers.find(question(words('needle'), { lookMs: 0 }))
  expect(first).toMatchObject({ hits: [], next: { run: 445, seq: 0 }, lookedDownTo: 445 })
  const rest = search.answers.find(question(words('needle'), { lookMs: 60_000, below: first.next }))
  expect(rest).toMatchObject({ hits: [{ run: 1, seq: 1 }], next: null, lookedDownTo: null })
})

function overwrite(file: string, from: number): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(statSync(file).size - from, 0xa5), 0, undefined, from)
  closeSync(handle)
}

function setVersion(file: string): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.from([0, 0, 0, 99]), 0, 4, 60)
  closeSync(handle)
}

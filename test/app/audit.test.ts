import { hash } from 'node:crypto'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AuditEntry, getAuditEntry, listAudit, type NamedAuditEntry, verifyAudit } from '#contract/audit/audit'
import { changeAgent, createAgent } from '#contract/fleet/agents'
import { setSecret } from '#contract/fleet/secrets'
import { createKey } from '#contract/people/keys'
import { launchRun } from '#contract/runs/runs'
import { testClock } from '../kit/clock.ts'
import { addPerson, tokenOf } from '../kit/people.ts'
import { connectRunner, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

const clock = testClock()
let app: App
let runner: RunnerClient

beforeAll(async () => {
  app = await startApp({ clock })
  runner = await connectRunner(app)
})
afterAll(() => app.close())

async function entries(query: Record<string, string | number> = {}): Promise<NamedAuditEntry[]> {
  return (await app.call(listAudit, { query: { limit: 500, ...query } })).data
}

const agent = async (name: string) => (await app.call(createAgent, { body: { name } })).id
const launched = async () => {
  const body = { prompt: 'x', runtime: 'claude-code', runnerId: runner.runnerId }
  return (await app.call(launchRun, { body })).id
}
const held = async () => {
  const runId = await launched()
  const assignment = await runner.take(runId)
  await runner.send(assignment, { type: 'started' })
  return assignment
}

test('a change says what was and what is, of the changed fields alone', async () => {
  const agentId = await agent('Ada')
  await app.call(changeAgent, { params: { id: agentId }, body: { role: 'Cook', tags: ['a'], name: 'Ada' } })
  expect((await entries({ agentId }))[0]).toMatchObject({
    action: 'agent.changed',
    target: { type: 'agent', id: agentId },
    agentId,
    before: { role: '', tags: [] },
    after: { role: 'Cook', tags: ['a'] }
  })
  const count = (await entries({ agentId })).length
  await app.call(changeAgent, { params: { id: agentId }, body: { role: 'Cook' } })
  expect(await entries({ agentId })).toHaveLength(count)
})

test('what a runner does is written down as its doing: what it starts and ends, not what it tells meanwhile', async () => {
  const assignment = await held()
  await runner.send(
    assignment,
    ...Array.from({ length: 20 }, () => ({
      type: 'event' as const,
      kind: 'assistant' as const,
      message: 'a',
      data: {}
    }))
  )
  await runner.finish(assignment, 'SUCCEEDED')
  const about = (await entries({ type: 'run' })).filter(entry => entry.target.id === assignment.runId)
  expect(about.map(entry => [entry.action, entry.actor.kind])).toEqual([
    ['run.succeeded', 'runner'],
    ['run.running', 'runner'],
    ['run.claimed', 'runner'],
    ['run.created', 'owner']
  ])
})

test('what a deadline does is the doing of the scheduler', async () => {
  const { runId } = await held()
  clock.advance(65_000)
  await connectRunner(app)
  await expect
    .poll(async () => (await entries({ type: 'run.lost' })).find(entry => entry.target.id === runId)?.actor.kind)
    .toBe('scheduler')
  await runner.leave()
  runner = await connectRunner(app)
})

test('a link that signs in is written down, and so is one that does not any more', async () => {
  const link = new URL(app.loginLink())
  await app.request('GET', link.pathname + link.search, { token: null })
  await app.request('GET', link.pathname + link.search, { token: null })
  const [refused, signedIn] = await entries({ type: 'session' })
  expect([refused?.outcome, signedIn?.outcome]).toEqual(['refused', 'ok'])
  expect((await entries({ status: 'refused' }))[0]).toEqual(refused)
  expect(JSON.stringify([refused, signedIn])).not.toContain(link.searchParams.get('token'))
})

test('signing out is written down', async () => {
  const link = new URL(app.loginLink())
  const signedIn = await app.request('GET', link.pathname + link.search, { token: null })
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  await app.request('POST', '/api/v1/auth/logout', { token: null, headers: { cookie } })
  expect((await entries({ type: 'session' }))[0]).toMatchObject({
    action: 'session.deleted',
    actor: { kind: 'session' }
  })
})

test('a runner that registers is written down, with what it says it is', async () => {
  const another = await connectRunner(app, { name: 'One more' })
  await another.leave()
  const [entry] = await entries({ type: 'runner.created' })
  expect(entry).toMatchObject({
    actor: { kind: 'runner', name: 'One more' },
    after: { name: 'One more', capacity: 10 }
  })
})

test('what a runner does is written down under its name', async () => {
  const worker = await connectRunner(app, { name: 'Worker' })
  const body = { prompt: 'x', runtime: 'claude-code', runnerId: worker.runnerId }
  const { id } = await app.call(launchRun, { body })
  const assignment = await worker.claimOne()
  await worker.send(assignment, { type: 'started' })
  await worker.finish(assignment, 'SUCCEEDED')
  await worker.leave()
  const doers = (await entries({ type: 'run' })).filter(({ target }) => target.id === id).map(({ actor }) => actor.name)
  expect(doers.slice(0, -1)).toEqual(Array(doers.length - 1).fill('Worker'))
  expect([doers.length > 1, doers.at(-1)]).toEqual([true, 'owner'])
})

test('a request that fails leaves no entry', async () => {
  await agent('Taken')
  const before = await entries({ limit: 1 })
  expect((await app.request('POST', '/api/v1/agents', { body: { name: 'Taken' } })).status).toBe(409)
  expect(await entries({ limit: 1 })).toEqual(before)
})

test('it is filtered and paged', async () => {
  for (const name of ['One', 'Two', 'Three', 'Four']) await agent(name)
  const all = await app.call(listAudit, { query: { limit: 2, offset: 1 } })
  expect(all.pagination).toMatchObject({ limit: 2, offset: 1, hasMore: true })
  expect(all.data.map(entry => entry.seq)).toEqual([all.pagination.total - 1, all.pagination.total - 2])
  expect((await entries({ actor: 'owner' })).every(entry => entry.actor.name === 'owner')).toBe(true)
  expect((await entries({ type: 'agent.created' })).every(entry => entry.action === 'agent.created')).toBe(true)
  const from = new Date(clock.now() + 1).toISOString()
  expect(await entries({ from })).toEqual([])
  expect((await app.request('GET', '/api/v1/audit?agentId=nobody')).status).toBe(400)
})

test('it is found by what it was done to, and by words in who, what, before and after', async () => {
  const agentId = await agent('Searched')
  await app.call(changeAgent, { params: { id: agentId }, body: { role: 'Keeper of the 100%_signs' } })
  const actions = async (query: Record<string, string>) => (await entries(query)).map(entry => entry.action)
  expect(await actions({ target: agentId })).toEqual(['agent.changed', 'agent.created'])
  expect(await actions({ search: 'keeper 100%_SIGNS' })).toEqual(['agent.changed'])
  expect(await actions({ search: 'keeper nowhere' })).toEqual([])
})

test('an entry says how the thing is called today, and is found by its number', async () => {
  const agentId = await agent('Before')
  await app.call(changeAgent, { params: { id: agentId }, body: { name: 'After' } })
  await app.call(setSecret, { body: { key: 'NAMELESS', value: 'long enough' } })
  const [ofSecret, renamed, created] = (await app.call(listAudit, { query: { limit: 3 } })).data
  expect([ofSecret?.targetName, renamed?.targetName, created?.targetName]).toEqual([null, 'After', 'After'])
  expect(await app.call(getAuditEntry, { params: { seq: renamed?.seq ?? 0 } })).toEqual(renamed)
  const { status, body } = await app.request('GET', '/api/v1/audit/entries/999999')
  expect([status, body]).toMatchObject([404, { error: { message: 'There is no audit entry 999999' } }])
})

test('only admins see it', async () => {
  const { key } = await app.call(createKey, { body: { name: 'small', style: 'flotilla' } })
  for (const path of ['', '/entries/1', '/verify', '/export'])
    expect((await app.request('GET', `/api/v1/audit${path}`, { token: key })).status).toBe(403)
})

describe('export', () => {
  test('gives every entry once, oldest first, with a chain that anybody can check', async () => {
    const { body, headers } = await app.request('GET', '/api/v1/audit/export')
    const { data } = body as { data: AuditEntry[] }
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="flotilla-audit-[\d-]+\.json"$/)
    expect(data.map(entry => entry.seq)).toEqual(data.map((_, index) => index + 1))
    let prev = '0'.repeat(64)
    for (const entry of data) {
      const { seq, ts, actor, action, target, agentId, outcome, before, after } = entry
      const who = [actor.kind, actor.id, actor.name, actor.ip, actor.via]
      const facts = [before && JSON.stringify(before), after && JSON.stringify(after)]
      const text = JSON.stringify([
        seq,
        Date.parse(ts),
        ...who,
        action,
        target.type,
        target.id,
        agentId,
        outcome,
        ...facts,
        prev
      ])
      expect([entry.prev, entry.hash]).toEqual([prev, hash('sha256', text)])
      prev = entry.hash
    }
  })

  test('as JSON Lines is one entry a line, of the kind of actor that is asked for', async () => {
    const { text, headers } = await app.request('GET', '/api/v1/audit/export?format=jsonl&kind=runner')
    expect(headers.get('content-disposition')).toContain('.jsonl')
    const found = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as AuditEntry)
    expect(found.length).toBeGreaterThan(0)
    expect(new Set(found.map(({ actor }) => actor.kind))).toEqual(new Set(['runner']))
    const listed = (await entries({ kind: 'runner' })).map(({ targetName: _, ...entry }) => entry)
    expect(found).toEqual(listed.toReversed())
  })

  test('as CSV runs no formula', async () => {
    const person = await addPerson(app, 'admin', { name: '=HYPERLINK("http://x")' })
    await app.call(createAgent, { body: { name: '=1+1' } }, await tokenOf(app, person))
    const { text, headers } = await app.request('GET', '/api/v1/audit/export?format=csv&type=agent')
    expect(headers.get('content-type')).toContain('text/csv')
    expect(text.split('\r\n')[0]).toContain('"seq","ts","actor_kind"')
    expect(text).toContain('HYPERLINK')
    expect(text).not.toMatch(/(^|,)"?[=+@-]/m)
  })
})

describe('verify', () => {
  beforeAll(async () => {
    for (let n = 0; n < 10; n++) await agent(`Agent ${n}`)
  })

  /** What `spoil` does to a copy of the audit, as the verdict tells it. */
  async function verdictAfter(spoil: (db: Sqlite.Database, last: number) => void) {
    const db = new Sqlite(join(app.dataDir, 'flotilla.db'), { timeout: 5000 })
    const kept = db.prepare('SELECT * FROM audit ORDER BY seq').all() as Record<string, unknown>[]
    const head = db.prepare('SELECT * FROM audit_head').get() as Record<string, unknown>
    try {
      spoil(db, kept.length)
      return (await app.call(verifyAudit)).fault
    } finally {
      db.exec('DELETE FROM audit; DELETE FROM audit_head')
      const names = Object.keys(kept[0] ?? {})
      const insert = db.prepare(`INSERT INTO audit VALUES (${names.map(name => `@${name}`).join()})`)
      for (const row of kept) insert.run(row)
      db.prepare('INSERT INTO audit_head VALUES (@one, @seq, @hash, @seal)').run(head)
      db.close()
    }
  }

  test('finds nothing wrong with what we wrote', async () => {
    const total = (await app.call(listAudit)).pagination.total
    expect(await app.call(verifyAudit)).toEqual({ ok: true, entries: total, checked: total, fault: null })
  })

  test('names an entry that was edited', async () => {
    const fault = await verdictAfter(db => db.exec("UPDATE audit SET actor_name = 'somebody else' WHERE seq = 7"))
    expect(fault).toMatchObject({ kind: 'edited', seq: 7 })
  })

  test('names an entry that was removed', async () => {
    expect(await verdictAfter(db => db.exec('DELETE FROM audit WHERE seq = 9'))).toMatchObject({
      kind: 'removed',
      seq: 9
    })
  })

  test('names an entry that changed places', async () => {
    const fault = await verdictAfter(db =>
      db.exec(
        'UPDATE audit SET seq = -5 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = -5'
      )
    )
    expect(fault).toMatchObject({ kind: 'reordered', seq: 5 })
  })

  test('notices that the newest are missing, though what is left is in order', async () => {
    const fault = await verdictAfter((db, last) => db.prepare('DELETE FROM audit WHERE seq > ?').run(last - 2))
    expect(fault?.kind).toBe('cut')
  })

  test('notices that all is missing', async () => {
    expect(await verdictAfter(db => db.exec('DELETE FROM audit'))).toMatchObject({ kind: 'cut', seq: 1 })
    expect((await verdictAfter(db => db.exec('DELETE FROM audit; DELETE FROM audit_head')))?.kind).toBe('head')
  })

  test('notices a chain that was written anew, and a forged record of its end', async () => {
    const forge = (db: Sqlite.Database, last: number) => {
      const row = db.prepare('SELECT * FROM audit WHERE seq = ?').get(last) as Record<string, Buffer & string>
      const who = [row.actor_kind, row.actor_id, 'somebody else', row.ip, row.via]
      const what = [row.action, row.noun, row.target, row.agent_id, row.outcome, row.before, row.after]
      const text = JSON.stringify([row.seq, row.ts, ...who, ...what, row.prev?.toString('hex')])
      const fresh = hash('sha256', text, 'buffer')
      db.prepare("UPDATE audit SET actor_name = 'somebody else', hash = ? WHERE seq = ?").run(fresh, last)
      return fresh
    }
    expect(await verdictAfter((db, last) => void forge(db, last))).toMatchObject({ kind: 'edited' })
    const fault = await verdictAfter((db, last) => db.prepare('UPDATE audit_head SET hash = ?').run(forge(db, last)))
    expect(fault?.kind).toBe('head')
  })

  test('still holds after a restart', async () => {
    await app.restart()
    await agent('Late')
    expect((await app.call(verifyAudit)).ok).toBe(true)
  })
})

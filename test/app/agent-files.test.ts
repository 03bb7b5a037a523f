import { afterAll, beforeAll, expect, test } from 'vitest'
import { importAgents, maxImported } from '#contract/fleet/agent-files'
import { createAgent, getAgent, listAgents } from '#contract/fleet/agents'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

const total = async () => (await app.call(listAgents)).pagination.total
const send = (agents: unknown[], dryRun = false) => app.call(importAgents, { body: { agents, dryRun } })
const refused = (agents: unknown[]) =>
  app.request('POST', '/api/v1/agents/import', { token: app.ownerToken, body: { agents } })

test('a dry run tells of every entry what is wrong, and makes none', async () => {
  await app.call(createAgent, { body: { name: 'Taken', slug: 'taken' } })
  const before = await total()
  const wide = 'Ｗ'.repeat(64)
  const { entries, made } = await send(
    [
      { name: 'Taken' },
      { name: 'Odd', runtime: 'nothing-known' },
      { name: wide },
      { name: wide },
      { slug: 'no-name' },
      'no agent at all',
      { name: 'Free', slug: 'taken', manager: 'nobody' },
      { name: 'x'.repeat(101), tags: 'none' }
    ],
    true
  )
  expect(made).toEqual([])
  expect(entries.map(({ faults }) => faults.map(({ path }) => path))).toEqual([
    ['name'],
    ['runtime'],
    [],
    ['name'],
    ['name'],
    ['name'],
    [],
    ['name', 'tags']
  ])
  expect(entries[0]?.faults[0]?.message).toBe('another agent is called Taken')
  expect(entries[1]?.faults[0]?.message).toContain('nothing-known')
  expect(entries[3]?.faults[0]?.message).toBe('entry 3 of the file has this name')
  expect(entries[6]?.notes).toHaveLength(2)
  expect(await total()).toBe(before)
})

test('all are made or none, with who reports to whom, in whatever order they stand', async () => {
  const before = await total()
  const wrong = await refused([{ name: 'Good' }, { name: 'Bad', runtime: 'nothing-known' }])
  expect([wrong.status, wrong.error.code, wrong.error.field]).toEqual([400, 'INVALID_REQUEST', 'agents.1.runtime'])
  expect(await total()).toBe(before)
  const { made } = await send([
    { name: 'Below', manager: 'above', tags: ['a'], permissionMode: 'plan' },
    { name: 'Above', slug: 'above', limits: { dailyTokenBudget: 5 } }
  ])
  expect(made[0]).toMatchObject({ name: 'Below', managerId: made[1]?.id, tags: ['a'], permissionMode: 'plan' })
  expect(await app.call(getAgent, { params: { id: 'above' } })).toMatchObject({ limits: { dailyTokenBudget: 5 } })
})

test('a thousand are made in one go, and one more is too many', async () => {
  const before = await total()
  const many = Array.from({ length: maxImported }, (_, i) => ({ name: `Many ${i}` }))
  expect((await send(many)).made).toHaveLength(maxImported)
  expect(await total()).toBe(before + maxImported)
  expect((await refused([...many, { name: 'one more' }])).status).toBe(400)
  expect((await refused([])).status).toBe(400)
})

test('those who report to each other in a circle are told of, and none is made', async () => {
  const before = await total()
  const circle = await refused([
    { name: 'Round one', slug: 'round-one', manager: 'round-two' },
    { name: 'Round two', slug: 'round-two', manager: 'round-one' }
  ])
  expect([circle.status, circle.error.code]).toEqual([400, 'CIRCLE'])
  expect(await total()).toBe(before)
})

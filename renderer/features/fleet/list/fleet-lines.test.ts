import { expect, test } from 'vitest'
import type { Agent } from '#contract/fleet/agents'
import type { Run } from '#contract/runs/runs'
import { isWanted, linesOf, membersOf, type Wanted } from './fleet-lines.ts'

let runs = 0
const run = (agentId: string, status: Run['status']) => ({ agentId, status, number: ++runs }) as Run
const agent = (name: string, status: Agent['status'], more: Partial<Agent> = {}) =>
  ({
    id: name,
    name,
    slug: name,
    description: '',
    team: null,
    tags: [],
    status,
    statusSince: '2026-11-30T06:00:00.000Z',
    lastActiveAt: null,
    ...more
  }) as Agent

const epics = [
  { id: 'e2', title: 'Refunds', agentIds: ['a', 'b'] },
  { id: 'e1', title: 'Billing', agentIds: ['b'] }
]
const placeOf = ({ agent }: { agent: Agent }) => (agent.id === 'z' ? 'Runner far' : 'This computer')
const known = { placeOf, epics }

const titles = (lines: ReturnType<typeof linesOf>) =>
  lines.map(line => (line.type === 'head' ? `${line.title}: ${line.count}` : line.id))

test('who needs a person stands first, the longest blocked on top, and who rests stands last', () => {
  const agents = [
    agent('rests', 'idle'),
    agent('works', 'running'),
    agent('asks', 'waiting', { statusSince: '2026-11-30T05:59:00.000Z' }),
    agent('asked-long-ago', 'waiting', { statusSince: '2026-11-30T05:00:00.000Z' }),
    agent('failed', 'idle')
  ]
  const members = membersOf(agents, [], [run('failed', 'SUCCEEDED'), run('failed', 'FAILED')])
  expect(titles(linesOf(members, 'status', known))).toEqual([
    'Needs you: 2',
    'asked-long-ago',
    'asks',
    'Running: 1',
    'works',
    'Queued and failed: 1',
    'failed',
    'At rest: 1',
    'rests'
  ])
})

test('of several runs the one that waits for a person tells; without a live one the last does', () => {
  const live = [run('a', 'RUNNING'), run('a', 'WAITING'), run('b', 'SUCCEEDED')]
  const ended = [run('a', 'FAILED'), run('b', 'FAILED'), run('b', 'CANCELLED')]
  const [a, b] = membersOf([agent('a', 'waiting'), agent('b', 'idle')], live, ended)
  expect([a?.run?.status, b?.run?.status]).toEqual(['WAITING', 'CANCELLED'])
})

test('by team, those without one come last', () => {
  const members = membersOf(
    [agent('lone', 'idle'), agent('z', 'idle', { team: 'Zoo' }), agent('a', 'idle', { team: 'Zoo' })],
    [],
    []
  )
  expect(titles(linesOf(members, 'team', known))).toEqual(['Zoo: 2', 'a', 'z', 'No team: 1', 'lone'])
})

const anything: Wanted = { states: null, search: '', runtime: '', place: '', tag: '' }
const found = (wanted: Partial<Wanted>, ...agents: Agent[]) =>
  membersOf(agents, [{ ...run('ran', 'RUNNING'), runtime: 'command' }], [])
    .filter(member => isWanted(member, { ...anything, ...wanted }, placeOf))
    .map(member => member.agent.id)

test('all words must stand somewhere in what is known of an agent', () => {
  const kestrel = agent('api-kestrel', 'idle', { team: 'Payments', tags: ['refunds'] })
  expect(found({ search: 'REFUNDS pay' }, kestrel)).toEqual(['api-kestrel'])
  expect(found({ search: 'refunds tasks' }, kestrel)).toEqual([])
})

test('agents are asked for by status, place and tag together', () => {
  const agents = [
    agent('z', 'idle', { tags: ['api'] }),
    agent('a', 'idle', { tags: ['api', 'web'] }),
    agent('b', 'paused')
  ]
  expect(found({}, ...agents)).toEqual(['z', 'a', 'b'])
  expect(found({ tag: 'api' }, ...agents)).toEqual(['z', 'a'])
  expect(found({ tag: 'api', place: 'Runner far' }, ...agents)).toEqual(['z'])
  expect(found({ states: ['paused'] }, ...agents)).toEqual(['b'])
  expect(found({ tag: 'ap' }, ...agents)).toEqual([])
})

test('the runtime of an agent is the one it is set to, else that of its run; before its first it has none', () => {
  const agents = [
    agent('set', 'idle', { runtime: 'claude-code' }),
    agent('ran', 'running', { runtime: null }),
    agent('new', 'idle', { runtime: null })
  ]
  expect(found({ runtime: 'claude-code' }, ...agents)).toEqual(['set'])
  expect(found({ runtime: 'command' }, ...agents)).toEqual(['ran'])
})

test('by place they stand by where they work', () => {
  const members = membersOf([agent('z', 'idle'), agent('a', 'idle')], [], [])
  expect(titles(linesOf(members, 'place', known))).toEqual(['Runner far: 1', 'z', 'This computer: 1', 'a'])
})

test('by epic an agent stands under each that it has open tasks of, and those without one come last', () => {
  const members = membersOf([agent('z', 'idle'), agent('b', 'idle'), agent('a', 'idle')], [], [])
  const lines = linesOf(members, 'epic', known)
  expect(lines.map(line => (line.type === 'head' ? `${line.title}: ${line.count}` : line.member.agent.id))).toEqual([
    'Billing: 1',
    'b',
    'Refunds: 2',
    'a',
    'b',
    'No epic: 1',
    'z'
  ])
  expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length)
})

test('an agent of which nothing changed stays the same one, so that its row is not drawn again', () => {
  const agents = [agent('a', 'running'), agent('b', 'running')]
  const [first, second] = [run('a', 'RUNNING'), run('b', 'RUNNING')]
  const [a, b] = membersOf(agents, [first, second], [])
  const [laterA, laterB] = membersOf(agents, [{ ...first }, second], [])
  expect(laterA).not.toBe(a)
  expect(laterB).toBe(b)
})

import { expect, test } from 'vitest'
import type { NamedAuditEntry } from '#contract/audit/audit'
import { detailWords, isBad, targetAddress, targetWords } from './audit-words.ts'

function entry(some: Partial<NamedAuditEntry>): NamedAuditEntry {
  return {
    seq: 1,
    ts: '2026-11-30T09:00:00.000Z',
    actor: { kind: 'session', id: 'u', name: 'Ada', ip: null, via: 'PATCH /api/v1/agents/:id' },
    action: 'agent.changed',
    target: { type: 'agent', id: 'a1' },
    targetName: 'api-kestrel',
    agentId: 'a1',
    outcome: 'ok',
    before: null,
    after: null,
    prev: '',
    hash: '',
    ...some
  }
}

test('a change tells what was and what is', () => {
  expect(detailWords(entry({ before: { role: '', tags: [] }, after: { role: 'Cook', tags: ['a', 'b'] } }))).toBe(
    'role none → Cook, tags none → a b'
  )
})

test('what is new tells its facts, without its name and what it lacks, and says that there is more', () => {
  const after = { name: 'Nova', team: null, role: 'Cook', place: 'host', runtime: 'practice', model: 'm' }
  expect(detailWords(entry({ after }))).toBe('role Cook, place host, runtime practice, 1 more')
})

test('a value that is not kept is said to be so', () => {
  const change = { before: { sealed: '(not kept)' }, after: { sealed: '(not kept, changed)' } }
  expect(detailWords(entry(change))).toBe('sealed not kept')
})

test('a thing is named as it is called today, else as it was', () => {
  expect(targetWords(entry({}))).toBe('agent api-kestrel')
  expect(targetWords(entry({ targetName: null, before: { name: 'Old' } }))).toBe('agent Old')
  expect(targetWords(entry({ target: { type: 'secret', id: 'TOKEN' }, targetName: null }))).toBe('secret TOKEN')
})

test('only what is still there is led to', () => {
  expect(targetAddress(entry({}))).toBe('/fleet/a1')
  expect(targetAddress(entry({ targetName: null }))).toBeNull()
})

test('a run that failed and a request that was turned away are marked', () => {
  expect(isBad(entry({ action: 'run.failed' }))).toBe(true)
  expect(isBad(entry({ outcome: 'refused' }))).toBe(true)
  expect(isBad(entry({}))).toBe(false)
})

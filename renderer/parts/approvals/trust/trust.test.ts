import { describe, expect, test } from 'vitest'
import type { SettingsAct, TrustRequest } from '#contract/runs/trust'
import { comparedActs, comparedFiles, networkWords, sumOf, trustOf, withoutWords } from './trust.ts'

const act = (detail: string, more: Partial<SettingsAct> = {}): SettingsAct => ({
  kind: 'hook',
  title: 'A hook acts when a turn ends',
  detail,
  path: '.claude/settings.json',
  line: 1,
  ...more
})
const request = (acts: SettingsAct[], before: SettingsAct[] | null): TrustRequest => ({
  folder: '/code/app',
  runtime: 'claude-code',
  content: 'a'.repeat(64),
  acts,
  files: [
    { path: 'a', text: 'new\n' },
    { path: 'same', text: 'x' },
    { path: 'binary', text: null }
  ],
  before: before && {
    content: 'b'.repeat(64),
    acts: before,
    files: [
      { path: 'same', text: 'x' },
      { path: 'gone', text: 'old\n' }
    ],
    decidedBy: 'Ada',
    decidedAt: '2026-11-12T10:00:00.000Z'
  }
})

describe('what acts, beside what was trusted', () => {
  test.each<[string, SettingsAct[], SettingsAct[] | null, string[], string]>([
    ['never trusted', [act('a'), act('b')], null, ['added', 'added'], '2 were added'],
    ['one is new', [act('a'), act('b')], [act('a')], ['added', 'as before'], '1 was added'],
    ['one became another', [act('b')], [act('a')], ['changed'], '1 was changed'],
    ['one is gone', [act('a')], [act('a'), act('b')], ['removed', 'as before'], '1 was removed'],
    ['one only moved', [act('a', { line: 9 })], [act('a')], ['as before'], ''],
    [
      'all at once',
      [act('b'), act('c', { kind: 'mcp' })],
      [act('a'), act('d', { path: 'x' })],
      ['added', 'changed', 'removed'],
      '1 was added, 1 was changed and 1 was removed'
    ]
  ])('%s', (_, acts, before, states, sum) => {
    const compared = comparedActs(request(acts, before))
    expect(compared.map(({ state }) => state)).toEqual(states)
    expect(sumOf(compared)).toBe(sum)
  })
})

test('files that differ stand first, with those that are gone and those that cannot be shown', () => {
  expect(comparedFiles(request([], []))).toEqual([
    { path: 'a', before: '', after: 'new\n', changed: true },
    { path: 'binary', before: '', after: null, changed: true },
    { path: 'gone', before: 'old\n', after: '', changed: true },
    { path: 'same', before: 'x', after: 'x', changed: false }
  ])
})

test('in words: what it is without, and what it reaches', () => {
  const acts = [act('a'), act('b'), act('ANTHROPIC_BASE_URL=https://llm.example/v1', { kind: 'request' })]
  expect(withoutWords(acts)).toBe('no hook, the provider’s own address')
  expect(networkWords(acts)).toBe('https://llm.example')
  expect(networkWords([act('a')])).toBe('Not limited')
})

test.each([{}, { folder: '/x' }, { ...request([], null), content: 'short' }])(
  'another form is no request: %j',
  input => {
    expect(trustOf({ input })).toBeNull()
  }
)

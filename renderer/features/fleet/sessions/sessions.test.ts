import { expect, test } from 'vitest'
import type { Run } from '#contract/runs/runs'
import { costDifference, filesDifference, tookDifference } from './differences.ts'
import { sessionLines } from './sessions.ts'

const usage = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 0, cacheWriteTokens: 0 }
const runOf = (id: string, rootRunId: string, more: Partial<Run> = {}) =>
  ({ id, rootRunId, usage, durationMs: 1000, costUsd: 0.5, ...more }) as Run

const wordsOf = (runs: readonly Run[], opened: readonly string[] = []) =>
  sessionLines(runs, opened).map(line => (line.type === 'chain' ? `${line.id} of ${line.sums.runs}` : line.id))

test('runs of a chain are folded under its first one, the chain with the newest run first', () => {
  const runs = [runOf('d', 'a'), runOf('c', 'c'), runOf('b', 'a'), runOf('a', 'a')]
  expect(wordsOf(runs)).toEqual(['chain a of 3', 'c'])
  expect(wordsOf(runs, ['a'])).toEqual(['chain a of 3', 'a', 'b', 'd', 'c'])
})

test('a chain says what its runs came to, how its last one stands, and whether all of it is there', () => {
  const runs = [runOf('b', 'a', { durationMs: null, costUsd: null }), runOf('a', 'a')]
  const [whole] = sessionLines(runs, [])
  expect(whole).toMatchObject({
    type: 'chain',
    run: { id: 'b' },
    whole: true,
    sums: { tookMs: 1000, tokens: 240, costUsd: 0.5 }
  })
  expect(sessionLines([runOf('c', 'a'), runOf('b', 'a')], [])[0]).toMatchObject({ whole: false })
})

test('a difference is that of the second one, and nothing where one does not tell', () => {
  const short = runOf('a', 'a', { durationMs: 1000, costUsd: 1 })
  const long = runOf('b', 'b', { durationMs: 62_000, costUsd: 0.25, usage: { ...usage, outputTokens: 2020 } })
  expect(tookDifference(short, long)).toBe('1:01 longer')
  expect(tookDifference(long, short)).toBe('1:01 shorter')
  expect(tookDifference(short, runOf('c', 'c', { durationMs: null }))).toBe('')
  expect(costDifference(short, long)).toBe('$0.75 less, 2k tokens more')
  expect(costDifference(short, short)).toBe('the same')
  const file = (path: string) => ({
    path,
    status: 'modified' as const,
    oldPath: null,
    kind: 'file' as const,
    known: 'edits' as const,
    binary: false,
    added: 1,
    removed: 0,
    bytes: null,
    kept: false,
    edits: 1,
    editPath: path,
    lastSeq: 1
  })
  expect(filesDifference([file('a'), file('b')], [file('b'), file('c')])).toBe('1 file in both')
  expect(filesDifference([file('a')], undefined)).toBe('')
})

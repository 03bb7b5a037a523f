import { expect, test } from 'vitest'
import { verdictOf, verdictOfFile } from './verdicts.ts'

const mark = (path: string, hunk: number | null, verdict: 'kept' | 'discarded') => ({
  path,
  hunk,
  verdict,
  by: 'me',
  at: '2026-11-30T00:00:00Z'
})

test('what is said of a file holds for its hunks, and what is said of all of its hunks for the file', () => {
  const marks = [mark('a', null, 'kept'), mark('b', 0, 'discarded'), mark('b', 1, 'discarded'), mark('c', 0, 'kept')]
  const review = { marks }
  expect(verdictOf(review, 'a', 3)).toBe('kept')
  expect([verdictOf(review, 'b', 1), verdictOf(review, 'b', 2)]).toEqual(['discarded', null])
  expect([verdictOfFile(review, 'b', 2), verdictOfFile(review, 'b', 3)]).toEqual(['discarded', null])
  expect([verdictOfFile(review, 'c', 1), verdictOfFile(review, 'c', undefined)]).toEqual(['kept', null])
})

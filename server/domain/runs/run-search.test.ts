import { expect, test } from 'vitest'
import type { Reading } from '../domain.ts'
import { likeOf, searchEvents, shows } from './run-search.ts'

const event = (message: string, data: Record<string, unknown> = {}) => ({ message, data })

test('what an event shows is found, wherever it lies in it', () => {
  expect(shows(event('Refunds are safe'), 'refunds')).toBe(true)
  expect(shows(event('', { argument: 'src/REFUNDS.ts' }), 'refunds')).toBe(true)
  expect(shows(event('', { diff: { hunks: [{ lines: ['+const refunds = 1'] }] } }), 'refunds')).toBe(true)
  expect(shows(event('', { text: '\u001b[31mFAIL\u001b[0m refunds' }), 'fail refunds')).toBe(true)
})

test('what an event only carries is not', () => {
  expect(shows(event('done', { toolUseId: 'refunds', toolKind: 'refunds' }), 'refunds')).toBe(false)
})

test('the pattern is the longest word as JSON has it, and never says more than the words', () => {
  expect(likeOf('out of 1234')).toBe('%1234%')
  expect(likeOf('say "hello"\\now')).toBe('%hello%')
  expect(likeOf('100% of_it')).toBe('%of\\_it%')
  expect(likeOf('Größe')).toBe('%Gr%')
  expect(likeOf('Ü')).toBe('%%')
})

test.each([
  ['to its end', () => true, 5],
  ['no further once nobody waits for the answer', () => false, 1]
])('a log is looked through %s', async (_, next, looks) => {
  let looked = 0
  const holding = () => {
    looked++
    return []
  }
  const run = { number: 1, last_seq: 5000 }
  const domain = {
    store: { runs: { byId: () => run }, events: { holding }, sight: { sees: () => true } }
  } as unknown as Reading
  let asked = true
  const stillAsked = () => {
    const now = asked
    asked = next()
    return now
  }
  await searchEvents(domain, 'a', { words: 'x', after: 0, stillAsked })
  expect(looked).toBe(looks)
})

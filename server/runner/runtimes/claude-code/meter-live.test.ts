import { expect, test } from 'vitest'
import { Meter } from './meter.ts'

const sent = { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 }

test('output is counted while it is written: what a message has so far, not the sum of what it said on the way', () => {
  const meter = new Meter(null)
  meter.messageStarted('', 'one', sent)
  const live = [3, 8, 8, 20].map(tokens => meter.messageGrew('', tokens).usage?.outputTokens)
  expect(live).toEqual([3, 8, 8, 20])
})

test('output of several messages and of sub-agents adds up, each by itself', () => {
  const meter = new Meter(null)
  meter.messageStarted('', 'one', sent)
  meter.messageGrew('', 20)
  meter.messageStarted('agent', 'two', sent)
  expect(meter.messageGrew('agent', 5).usage?.outputTokens).toBe(25)
  expect(meter.messageGrew('', 30).usage?.outputTokens).toBe(35)
  meter.messageStarted('', 'three', sent)
  expect(meter.messageGrew('', 4).usage?.outputTokens).toBe(39)
  expect(meter.messageGrew('agent', 6).usage?.outputTokens).toBe(40)
})

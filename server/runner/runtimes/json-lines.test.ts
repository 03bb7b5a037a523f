import { expect, test } from 'vitest'
import { z } from 'zod'
import { readJsonLine } from './json-lines.ts'

const protocol = z.discriminatedUnion('type', [z.object({ type: z.literal('a'), n: z.int() })])

test.each(['', '   ', '\t'])('"%s" is blank', text => {
  expect(readJsonLine(protocol, text)).toEqual({ type: 'blank' })
})

test('a line of the protocol is read, without what it does not name', () => {
  expect(readJsonLine(protocol, '{"n":1,"type":"a","more":true}')).toEqual({ type: 'line', line: { type: 'a', n: 1 } })
})

test.each(['{"type":"b"}', '{"type":"a","n":"x"}', '[]', 'null', '"text"', '17'])('%s is unknown', text => {
  expect(readJsonLine(protocol, text)).toEqual({ type: 'unknown', json: JSON.parse(text), text })
})

test.each(['Welcome!', '{"type":"a"', '{"n":1}{"n":2}'])('%s is text', text => {
  expect(readJsonLine(protocol, text)).toEqual({ type: 'text', text })
})

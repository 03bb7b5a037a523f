import { expect, test } from 'vitest'
import { liveRuns, parseMessages } from './fleet.ts'

test('one message of the live connection holds several lines', () => {
  const hello = { type: 'hello', seq: 3 }
  const reset = { type: 'reset', seq: 4 }
  expect(parseMessages(`${JSON.stringify(hello)}\n${JSON.stringify(reset)}\n`)).toEqual([hello, reset])
})

test('what is not understood is passed over', () => {
  expect(parseMessages('{"type":"hello","seq":1}\n{"type":"news"}\n{"type":')).toEqual([{ type: 'hello', seq: 1 }])
})

test('queued and ended runs have no agent at work', () => {
  const runs = {
    QUEUED: 8,
    CLAIMED: 1,
    RUNNING: 2,
    WAITING: 4,
    SUCCEEDED: 16,
    FAILED: 0,
    CANCELLED: 0,
    TIMED_OUT: 0,
    LOST: 0
  }
  expect(liveRuns({ runs })).toBe(7)
})

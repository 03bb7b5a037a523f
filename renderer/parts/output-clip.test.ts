import { describe, expect, test } from 'vitest'
import { clipOf } from './output-clip.ts'

const passed = (n: number) => Array.from({ length: n }, (_, i) => `ok ${i}`)
const shown = (lines: string[], failed = true) => clipOf(lines, failed).map(({ from, to }) => [from, to])

describe('what of an output shows at first', () => {
  test('short ones whole, long ones their beginning', () => {
    expect(shown(passed(20))).toEqual([[0, 20]])
    expect(shown(passed(50), false)).toEqual([[0, 20]])
  })

  test('of what failed, the first error and the end', () => {
    expect(shown([...passed(100), 'FAIL a.test.ts', ...passed(100)])).toEqual([
      [100, 106],
      [187, 201]
    ])
  })

  test.each([
    'TypeError: x is not a function',
    'npm ERR! code 1',
    'fatal: not a git repository',
    '✗ replays the response',
    'ls: cannot access a'
  ])('%j is an error', line => expect(shown([...passed(30), line, ...passed(60)])[0]).toEqual([30, 36]))

  test.each(['0 errors', 'no failures', '12 passed, 0 failed', 'ok terror'])('%j is none', line =>
    expect(shown([...passed(30), line, ...passed(60)])).toEqual([[71, 91]])
  )

  test('where both are near they are one piece; without an error it is the end', () => {
    expect(shown([...passed(40), 'error', ...passed(16)])).toEqual([[40, 57]].map(([, to]) => [37, to]))
    expect(shown([...passed(40), 'error', ...passed(24)])).toEqual([[40, 65]].map(() => [40, 46]).concat([[51, 65]]))
    expect(shown(passed(60))).toEqual([[40, 60]])
  })
})

import { expect, test } from 'vitest'
import { differences } from './compare-tests.ts'

const report = (...tests: [string, string, string?][]) => ({
  testResults: [
    {
      assertionResults: tests.map(([fullName, status, message]) => ({
        fullName,
        status,
        failureMessages: message === undefined ? [] : [message]
      }))
    }
  ]
})

test('what came out alike is not told', () => {
  expect(differences(report(['a', 'passed'], ['b', 'passed']), report(['a', 'passed']))).toEqual([])
})

test('what came out otherwise is told with the first line of its error', () => {
  const before = report(['a', 'passed'], ['b', 'failed', 'x'])
  const after = report(['a', 'failed', 'expected 1\n  at …'], ['b', 'passed'], ['c', 'failed', 'new'])
  expect(differences(before, after)).toEqual([
    { test: 'a', before: 'passed', after: 'failed', message: 'expected 1' },
    { test: 'b', before: 'failed', after: 'passed', message: null },
    { test: 'c', before: 'absent', after: 'failed', message: 'new' }
  ])
})

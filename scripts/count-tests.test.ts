import { expect, test } from 'vitest'
import { countReport } from './count-tests.ts'

const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }

test('counts what passed and failed', () => {
  expect(countReport({ ...report, numFailedTests: 2 })).toEqual({ passed: 5, failed: 2 })
})

test('counts skipped and unwritten tests as failed', () => {
  expect(countReport({ ...report, numPendingTests: 1, numTodoTests: 1 })).toEqual({ passed: 5, failed: 2 })
})

test('counts a file that could not be loaded as failed', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }]
  expect(countReport({ ...report, testResults })).toEqual({ passed: 5, failed: 1 })
})

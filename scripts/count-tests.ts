import { existsSync, readFileSync } from 'node:fs'

/**
 * `count-tests.ts BROKEN UNHAPPY REPORT…` prints `N passed, N failed` over Vitest's JSON reports. BROKEN counts failed steps
 * other than tests, UNHAPPY test runs that ended with an error.
 */
interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}

interface Count {
  passed: number
  failed: number
}

export function countReport(report: Report): Count {
  // A file that could not be loaded has no tests that could fail.
  const unloaded = report.testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0)
  const notRun = report.numPendingTests + report.numTodoTests
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length + notRun }
}

/** A run that left no report, or one without any test, failed as a whole. */
function countFile(file: string): Count {
  if (!existsSync(file)) return { passed: 0, failed: 1 }
  const count = countReport(JSON.parse(readFileSync(file, 'utf8')))
  return count.passed + count.failed === 0 ? { passed: 0, failed: 1 } : count
}

if (import.meta.main) {
  const [broken = '0', unhappy = '0', ...files] = process.argv.slice(2)
  const counts = files.map(countFile)
  const passed = counts.reduce((sum, count) => sum + count.passed, 0)
  const failedTests = counts.reduce((sum, count) => sum + count.failed, 0)
  // An error between tests fails the run and stands in no report.
  const failed = Number(broken) + Math.max(failedTests, Number(unhappy))
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
}

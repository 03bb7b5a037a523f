import { existsSync, readFileSync } from 'node:fs'

/**
 * `compare-tests.ts BEFORE AFTER` prints which tests of AFTER, a JSON report of Vitest, came out otherwise than in BEFORE.
 * It fails for nothing: it reports.
 */
interface Report {
  testResults: { assertionResults: { fullName: string; status: string; failureMessages?: string[] }[] }[]
}

export interface Difference {
  test: string
  before: string
  after: string
  /** First line of what went wrong. */
  message: string | null
}

export function differences(before: Report, after: Report): Difference[] {
  const known = new Map(assertions(before).map(({ fullName, status }) => [fullName, status]))
  return assertions(after)
    .map(({ fullName, status, failureMessages }) => ({
      test: fullName,
      before: known.get(fullName) ?? 'absent',
      after: status,
      message: failureMessages?.[0]?.split('\n', 1)[0] ?? null
    }))
    .filter(({ before, after }) => before !== after)
}

function assertions({ testResults }: Report) {
  return testResults.flatMap(({ assertionResults }) => assertionResults)
}

if (import.meta.main) {
  const [before = '', after = ''] = process.argv.slice(2)
  const missing = [before, after].filter(file => !existsSync(file))
  if (missing.length > 0) console.log(`Nothing to compare: ${missing.join(' and ')} is missing.`)
  else {
    const [first, second] = [before, after].map(file => JSON.parse(readFileSync(file, 'utf8')) as Report)
    const found = first && second ? differences(first, second) : []
    console.log(found.length === 0 ? 'No test came out otherwise.' : `${found.length} came out otherwise:`)
    for (const { test, before, after, message } of found)
      console.log(`  ${test}: ${before} → ${after}${message === null ? '' : ` (${message})`}`)
  }
}

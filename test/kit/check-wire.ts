import { afterAll, afterEach } from 'vitest'
import { watchWire } from './wire-check.ts'

/** Set up ahead of every file of tests: whatever answer does not fit its document fails the test that got it. */
const faults: string[] = []
const stop = watchWire((exchange, fault) => {
  if (fault !== null) faults.push(`${exchange}: ${fault}`)
})

function requireNone(): void {
  const found = faults.splice(0)
  if (found.length > 0) throw new Error(`answers that their documents do not allow:\n${found.join('\n')}`)
}

afterEach(requireNone)
afterAll(() => {
  stop()
  requireNone()
})

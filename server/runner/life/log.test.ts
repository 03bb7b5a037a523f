import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const program = `
  import { Log } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))}
  const log = new Log()
  log.through(text => text.replaceAll('sk-0123456789', '[redacted KEY]'))
  log.through(text => text.replaceAll('token-0123456789', '[redacted TOKEN]'))
  log.catchFaults()
  log.write('said with sk-0123456789')
  setTimeout(() => { throw new Error('thrown with token-0123456789') })
  setTimeout(() => { throw 'a text with sk-0123456789' })
  Promise.reject(new TypeError('rejected with sk-0123456789'))
  setTimeout(() => console.log('lives on'), 20)
`

test('what a runner says is without secrets, and faults that nobody catches are said so and end nothing', () => {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', program]
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  expect(output).not.toContain('0123')
  expect(output).toContain('said with [redacted KEY]')
  expect(output).toContain('uncaught: Error: thrown with [redacted TOKEN]')
  expect(output).toContain('uncaught: a text with [redacted KEY]')
  expect(output).toContain('uncaught: TypeError: rejected with [redacted KEY]')
  expect(output).toContain('lives on')
})

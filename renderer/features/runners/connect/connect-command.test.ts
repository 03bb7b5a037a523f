import { expect, test } from 'vitest'
import { commandFor, faultOfDirs, readDirs } from './connect-command.ts'

const connection = {
  url: 'http://127.0.0.1:4747',
  key: 'flt_live_x',
  name: "ada's box; rm -rf /",
  dirs: ['/a b', '/c']
}

test('what is typed is quoted for the shell that it is pasted into', () => {
  expect(commandFor('unix', connection)).toContain(String.raw`RUNNER_NAME='ada'\''s box; rm -rf /' \
  ALLOWED_DIRS='/a b,/c' \
  node agentfleet-runner.mjs`)
  expect(commandFor('windows', connection)).toContain("$env:RUNNER_NAME = 'ada''s box; rm -rf /'\n")
})

test('without a folder there is no variable for it: the runner then has private ones only', () => {
  expect(commandFor('unix', { ...connection, dirs: [] })).not.toContain('ALLOWED_DIRS')
})

test('folders stand one a line, absolute on some system, and without what divides them', () => {
  expect(readDirs(' /a b \n\nC:\\Code\n')).toEqual(['/a b', 'C:\\Code'])
  expect(faultOfDirs(['/a b', 'C:\\Code'])).toBeUndefined()
  expect(faultOfDirs(['/a', 'code'])).toMatch(/this is none: code$/)
  expect(faultOfDirs(['/a,b'])).toMatch(/comma/)
})

import { expect, test } from 'vitest'
import { writePairingCode } from '#contract/runners/pairing-code'
import { addressesFor, commandFor, faultOfDirs, readDirs } from './connect-command.ts'

const address = 'https://192.168.1.5:4747'
const pin = `_-${'a'.repeat(41)}`
const code = (pinned: string | null) => writePairingCode({ address, secret: 'ab'.repeat(24), pin: pinned })
const connection = { address, code: code(null), dirs: ["/ada's b; rm -rf /", '/c'] }

test('what is typed is quoted for the shell that it is pasted into', () => {
  expect(commandFor('unix', connection)).toContain(String.raw`  ALLOWED_DIRS='/ada'\''s b; rm -rf /,/c' \
  node agentfleet-runner.mjs`)
  expect(commandFor('windows', connection)).toContain("$env:ALLOWED_DIRS = '/ada''s b; rm -rf /,/c'\n")
})

test('without a folder there is no variable for it: the runner then has private ones only', () => {
  expect(commandFor('unix', { ...connection, dirs: [] })).not.toContain('ALLOWED_DIRS')
})

test('the program is fetched from who has the key of the code, and from nobody else', () => {
  expect(commandFor('unix', connection)).toContain(`curl -fsSO '${address}/agentfleet-runner.mjs'`)
  expect(commandFor('unix', { ...connection, code: code(pin) })).toContain(
    `curl -fsSOk --pinnedpubkey 'sha256///+${'a'.repeat(41)}=' '${address}/agentfleet-runner.mjs'`
  )
})

test('the address of the page comes first, unless it leads back to the other machine itself', () => {
  expect(addressesFor('https://fleet.example', [address])).toEqual(['https://fleet.example', address])
  expect(addressesFor('http://127.0.0.1:4747', [address])).toEqual([address, 'http://127.0.0.1:4747'])
  expect(addressesFor(address, [address])).toEqual([address])
})

test('folders stand one a line, absolute on some system, and without what divides them', () => {
  expect(readDirs(' /a b \n\nC:\\Code\n')).toEqual(['/a b', 'C:\\Code'])
  expect(faultOfDirs(['/a b', 'C:\\Code'])).toBeUndefined()
  expect(faultOfDirs(['/a', 'code'])).toMatch(/this is none: code$/)
  expect(faultOfDirs(['/a,b'])).toMatch(/comma/)
})

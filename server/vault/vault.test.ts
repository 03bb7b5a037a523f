import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { CannotOpen } from './envelope.ts'
import { createVault } from './vault.ts'

const vault = createVault(randomBytes(32))

test('what is sealed opens again, and looks like nothing in between', () => {
  const sealed = vault.seal('secret:KEY', 'päss wörd')
  expect(sealed.toString('latin1')).not.toContain('rd')
  expect(vault.open('secret:KEY', sealed)).toBe('päss wörd')
  expect(vault.seal('secret:KEY', 'päss wörd').equals(sealed)).toBe(false)
})

test('it opens only in its own place', () => {
  const sealed = vault.seal('secret:A', 'x')
  expect(() => vault.open('secret:B', sealed)).toThrow(CannotOpen)
})

test('any changed byte is noticed', () => {
  const sealed = vault.seal('a', 'text')
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => vault.open('a', changed)).toThrow(CannotOpen)
  }
})

test('another installation cannot open it, and says that it is another key', () => {
  const sealed = vault.seal('a', 'text')
  expect(() => createVault(randomBytes(32)).open('a', sealed)).toThrow('another key')
})

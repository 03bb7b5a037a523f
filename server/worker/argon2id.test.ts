import { describe, expect, test } from 'vitest'
import { fastest, hashPassword, matchesHash, native, portable } from './argon2id.ts'

/** Made by another program, with another cost. */
const known = '$argon2id$v=19$m=8192,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$uDHMFkKmtu+1WAzI3cCaI5glGM89tpQ3z+rChNuUeUU'

describe.each([
  ['native', native],
  ['portable', portable]
])('%s', (_, make) => {
  test('a password matches its hash and no other', async () => {
    const hash = await hashPassword(make, 'correct horse')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(await matchesHash(make, 'correct horse', hash)).toBe(true)
    expect(await matchesHash(make, 'correct horsf', hash)).toBe(false)
    expect(await hashPassword(make, 'correct horse')).not.toBe(hash)
  })

  test('a hash that another program made is matched, with the cost that it names', async () => {
    expect(await matchesHash(make, 'pässwörd', known)).toBe(true)
  })

  test('what is no hash is refused', async () => {
    await expect(matchesHash(make, 'x', '$2b$12$abc')).rejects.toThrow('no argon2id hash')
    await expect(matchesHash(make, 'x', known.slice(0, -4))).rejects.toThrow('no argon2id hash')
  })
})

test('here the fastest is the native one', async () => {
  expect(await fastest()).toBe(native)
})

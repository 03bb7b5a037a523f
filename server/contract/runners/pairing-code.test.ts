import { expect, test } from 'vitest'
import { readPairingCode, writePairingCode } from './pairing-code.ts'

const secret = '0123456789abcdef'.repeat(3)
const pin = `_-${'Aa0'.repeat(13)}bc`

test.each([
  [{ address: 'https://192.168.1.5:4747', secret, pin }],
  [{ address: 'https://[2001:db8::1]:4747', secret, pin }],
  [{ address: 'http://127.0.0.1:4747', secret, pin: null }],
  [{ address: 'https://fleet.example/flotilla', secret, pin: null }]
])('%j comes back as it went', code => {
  const text = writePairingCode(code)
  expect(readPairingCode(` ${text}\n`)).toEqual(code)
  expect(text).toMatch(/^[^\s"'$`\\;&|<>()*?!]+$/)
})

test('whatever is mistyped, left out or added is noticed', () => {
  const text = writePairingCode({ address: 'https://192.168.1.5:4747', secret, pin })
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === '7' ? '8' : '7'
    for (const wrong of [text.slice(0, at) + other + text.slice(at + 1), text.slice(0, at) + text.slice(at + 1)])
      expect(wrong === text ? null : readPairingCode(wrong)).toBeNull()
  }
  for (const wrong of ['', 'x', `${text}7`, text.slice(4), `flp_${secret}`]) expect(readPairingCode(wrong)).toBeNull()
})

import { describe, expect, test } from 'vitest'
import { runItem } from '#contract/runners/runner-protocol'
import { cutText, type NewItem, prepareItem } from './leaving-item.ts'

const ts = '2026-01-01T00:00:00.000Z'
const same = (text: string) => text

function event(message: string, data: Record<string, unknown>): NewItem {
  return { type: 'event', ts, kind: 'assistant', message, data }
}

describe('what leaves the runner', () => {
  test('a text over the limit is cut and says how much is missing', () => {
    expect(cutText('x'.repeat(1_000_010))).toMatch(/x\n\[10 more characters are not kept\]$/)
    expect(cutText('short')).toBe('short')
  })

  test('a cut never halves a character', () => {
    expect(cutText('a😀b', 2)).toBe('a\n[3 more characters are not kept]')
  })

  test('everything an agent wrote is cleaned, however deep, and nothing else', () => {
    const item = prepareItem(event('my secret', { input: { list: ['a secret', 7] } }), text =>
      text.replace('secret', '***')
    )
    expect(item).toEqual(event('my ***', { input: { list: ['a ***', 7] } }))
  })

  test.each([
    ['one huge text', { text: 'x'.repeat(3_000_000) }],
    ['many texts', { hunks: Array.from({ length: 50_000 }, () => 'y'.repeat(1000)) }],
    ['many numbers', { numbers: Array.from({ length: 2_000_000 }, (_, i) => i) }]
  ])('%s fits the contract and one request', (_, data) => {
    const item = { ...prepareItem(event('z'.repeat(2_000_000), data), same), n: 1 }
    expect(runItem.safeParse(item).success).toBe(true)
    expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThan(8 * 1024 * 1024)
  })

  test('an approval with long texts keeps to the contract', () => {
    const long = 'w'.repeat(200_000)
    const item = prepareItem(
      {
        type: 'approval',
        ts,
        key: 'k',
        kind: 'tool',
        tool: 'Bash',
        toolUseId: null,
        title: long,
        subject: long,
        input: { command: long },
        reason: long
      },
      same
    )
    expect(runItem.safeParse({ ...item, n: 1 }).success).toBe(true)
  })
})

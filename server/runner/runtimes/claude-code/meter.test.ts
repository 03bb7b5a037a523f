import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { SessionTotals } from '#contract/runners/runner-protocol'
import { assignmentOf } from '../../../../test/kit/assignment.ts'
import { ClaudeDriver } from './driver.ts'

interface Booked {
  tokens: number
  costUsd: number | undefined
  totals: SessionTotals | null
}

/** What a run with these lines is booked with, when its session had these totals. */
function booked(lines: string[], totals: SessionTotals | null): Booked {
  const driver = new ClaudeDriver(
    assignmentOf({ resume: { sessionId: 's', fork: false, cwd: null, ...(totals && { totals }) } })
  )
  driver.start()
  const facts = Object.assign({}, ...driver.lines(lines).map(signal => (signal.type === 'facts' ? signal.facts : {})))
  return { tokens: facts.usage?.inputTokens ?? 0, costUsd: facts.costUsd, totals: facts.sessionTotals ?? null }
}

const recorded = (name: string) =>
  readFileSync(new URL(`./fixtures/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')

describe.each([
  ['2.1.197', 0.0002],
  ['2.1.332', 0.00002]
])('recorded with Claude Code %s', (version, cost) => {
  test('each run of a chain is booked with what it spent itself', () => {
    const first = booked(recorded(`${version}/two-turns`), null)
    expect(first).toMatchObject({ tokens: 200, costUsd: expect.closeTo(2 * cost, 8) })
    const second = booked(recorded(`${version}/resumed`), first.totals)
    expect(second).toMatchObject({ tokens: 100, costUsd: expect.closeTo(cost, 8) })
    const fork = booked(recorded(`${version}/forked`), second.totals)
    expect(fork).toMatchObject({ tokens: 100, costUsd: expect.closeTo(cost, 8) })
  })

  test('a session whose totals nobody kept is booked no higher where the CLI says what is new', () => {
    const { tokens } = booked(recorded(`${version}/resumed`), null)
    expect(tokens).toBe(100)
  })

  test('what a sub-agent spent in the background counts', () => {
    expect(booked(recorded(`${version}/background-agent`), null).tokens).toBe(500)
  })
})

const usage = (inputTokens: number) => ({ inputTokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 })
const init = (version: string) =>
  JSON.stringify({ type: 'system', subtype: 'init', session_id: 's', model: 'm', claude_code_version: version })
const result = (inputTokens: number, more: object = {}) =>
  JSON.stringify({
    type: 'result',
    subtype: 'success',
    is_error: false,
    total_cost_usd: inputTokens / 1000,
    modelUsage: { m: { inputTokens, outputTokens: 0, costUSD: inputTokens / 1000 } },
    ...more
  })
const before = { usage: usage(300), costUsd: 0.3 }

describe('without a figure of what is new', () => {
  test.each(['2.1.277', '2.1.300', '2.2.0', '3.0.0'])('%s counts on from the session', version => {
    const found = booked([init(version), result(400), init(version), result(550)], before)
    expect(found).toMatchObject({ tokens: 250, costUsd: expect.closeTo(0.25, 8) })
    expect(found.totals).toEqual({ usage: usage(550), costUsd: 0.55 })
  })

  test.each(['2.1.197', '2.1.276', '2.0.400', '1.9.9'])(
    '%s begins anew, also when it spends more than all before',
    version => {
      expect(booked([init(version), result(100), result(500)], before)).toMatchObject({ tokens: 500, costUsd: 0.5 })
    }
  )

  test('a newer one that begins anew all the same is taken at its word', () => {
    expect(booked([init('2.1.300'), result(100)], before)).toMatchObject({ tokens: 100, costUsd: 0.1 })
  })
})

test('what is new is added up over turns, whatever the totals do', () => {
  const since = (inputTokens: number) => ({
    model_usage_since_last_result: { m: { inputTokens, outputTokens: 0, costUSD: inputTokens / 1000 } }
  })
  const lines = [init('2.1.332'), result(1000, since(100)), result(90, since(50)), result(95, since(5))]
  expect(booked(lines, before)).toMatchObject({ tokens: 155, costUsd: expect.closeTo(0.155, 8) })
})

test('a turn without a figure keeps what was streamed', () => {
  const stream = (event: object) => JSON.stringify({ type: 'stream_event', event })
  const message = { type: 'message_start', message: { id: 'a', usage: { input_tokens: 70, output_tokens: 1 } } }
  const failed = JSON.stringify({ type: 'result', subtype: 'success', is_error: true, modelUsage: {} })
  expect(booked([init('2.1.332'), stream(message), failed], before)).toMatchObject({ tokens: 70, costUsd: undefined })
})

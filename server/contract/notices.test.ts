import { describe, expect, test } from 'vitest'
import type { Change } from './live.ts'
import { isQuiet, noticeOf, noticeSettings, plain, settledBy, summaryOf } from './notices.ts'

const now = Date.parse('2026-11-30T10:00:05.000Z')

const ids = { run: '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000', approval: '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001' }

function approvalChange(status: string, subject = 'rm -rf build'): Change {
  const data = { id: ids.approval, runId: ids.run, runNumber: 7, title: 'wants to run a command', subject, status }
  return { seq: 1, ts: '', op: 'changed', id: ids.approval, noun: 'approval', data } as unknown as Change
}

function runChange(status: string, endedAt = '2026-11-30T10:00:00.000Z'): Change {
  const data = {
    id: ids.run,
    number: 7,
    status,
    endedAt,
    result: 'All tests pass.',
    error: { code: 'X', message: 'No credits left.' }
  }
  return { seq: 1, ts: '', op: 'changed', id: ids.run, noun: 'run', data } as unknown as Change
}

describe('a notice', () => {
  test('tells of an agent that waits, and leads to its run', () => {
    expect(noticeOf(approvalChange('pending'), now)).toMatchObject({
      title: 'Run 7 needs you',
      body: 'wants to run a command: rm -rf build',
      page: `/runs/${ids.run}`
    })
  })

  test.each([
    ['FAILED', 'Run 7 failed'],
    ['TIMED_OUT', 'Run 7 ran out of time'],
    ['LOST', 'Run 7 lost its runner']
  ])('tells of a run that is %s', (status, title) => {
    expect(noticeOf(runChange(status), now)).toMatchObject({ title, body: 'No credits left.' })
  })

  test('tells of a question before there is a run, and leads to the inbox', () => {
    const asked = approvalChange('pending', 'Nightly sweep') as Extract<Change, { noun: 'approval' }>
    const data = { ...asked.data, runId: null, runNumber: null } as typeof asked.data
    expect(noticeOf({ ...asked, data }, now)).toMatchObject({
      title: 'A flow needs you',
      page: `/approvals/${ids.approval}`
    })
  })

  test.each([
    ['error', '2026-11-30T10:00:00.000Z', true],
    ['error', '2026-11-30T09:00:00.000Z', false],
    ['paused', '2026-11-30T10:00:00.000Z', false]
  ])('of a flow that is %s since %s: %s', (status, statusSince, told) => {
    const data = { id: ids.run, title: 'Nightly', status, statusReason: '5 runs failed', statusSince }
    const changed = { seq: 1, ts: '', op: 'changed', id: ids.run, noun: 'flow', data } as unknown as Change
    const notice = { title: 'A flow paused by itself', body: 'Nightly: 5 runs failed' }
    if (told) expect(noticeOf(changed, now)).toMatchObject(notice)
    else expect(noticeOf(changed, now)).toBeNull()
  })

  test.each(['QUEUED', 'RUNNING', 'CANCELLED'])('is not made of a run that is %s', status => {
    expect(noticeOf(runChange(status), now)).toBeNull()
  })

  test('tells of a run that is done, by its result', () => {
    const told = { kind: 'finished', title: 'Run 7 is done', body: 'All tests pass.' }
    expect(noticeOf(runChange('SUCCEEDED'), now)).toMatchObject(told)
  })

  test('is not made of what ended long ago and only changed otherwise', () => {
    expect(noticeOf(runChange('FAILED', '2026-11-29T10:00:00.000Z'), now)).toBeNull()
  })

  test('tells of a budget that is nearly used up, and again when it is, with what that does', () => {
    const budget = (state: string) => {
      const data = { id: 'b', agentName: null, state, periodStart: 'p', utilization: 0.9, action: 'stop' }
      return { seq: 1, ts: '', op: 'changed', id: 'b', noun: 'budget', data } as unknown as Change
    }
    expect(noticeOf(budget('ok'), now)).toBeNull()
    const warned = noticeOf(budget('warned'), now)
    const exhausted = noticeOf(budget('exhausted'), now)
    expect(warned).toMatchObject({ title: 'The budget of the fleet is nearly used up', body: '90% of it is spent.' })
    expect(exhausted?.body).toContain('No new runs start')
    expect(exhausted?.key).not.toBe(warned?.key)
  })

  test('is settled by any answer', () => {
    expect(settledBy(approvalChange('denied'))).toBe(noticeOf(approvalChange('pending'), now)?.key)
    expect(settledBy(approvalChange('pending'))).toBeNull()
  })

  test('of many says how many', () => {
    const waiting = noticeOf(approvalChange('pending'), now)
    const failed = noticeOf(runChange('FAILED'), now)
    if (!waiting || !failed) throw new Error('no notice')
    expect(summaryOf([waiting, waiting, failed])).toMatchObject({
      body: '2 waiting for you, 1 failed',
      page: '/approvals'
    })
  })
})

test('words of an agent become one plain line', () => {
  expect(plain('a\u202eb\u0007c\nd\u2028e\u200bf')).toBe('a b c d e f')
  expect(plain('x'.repeat(1_000_000), 20)).toBe(`${'x'.repeat(19)}…`)
})

test('what is not set, or makes no sense, is as it usually is', () => {
  const usual = { needsYou: true, failed: true, finished: false, budget: true, sound: true, quiet: false }
  expect(noticeSettings.parse({})).toMatchObject(usual)
  expect(noticeSettings.parse({ finished: 'yes', quietFrom: '25:00' })).toMatchObject({ ...usual, quietFrom: '22:00' })
})

test.each([
  ['22:00', '07:00', ['22:00', '23:59', '00:00', '06:59'], ['21:59', '07:00', '12:00']],
  ['12:00', '13:00', ['12:00', '12:59'], ['11:59', '13:00', '00:00']],
  ['08:00', '08:00', [], ['08:00', '07:59']]
])('quiet hours from %s to %s', (quietFrom, quietTo, quiet, loud) => {
  const settings = noticeSettings.parse({ quiet: true, quietFrom, quietTo })
  const at = (time: string) => new Date(`2026-11-30T${time}:00`)
  for (const time of quiet) expect(isQuiet(settings, at(time))).toBe(true)
  for (const time of loud) expect(isQuiet(settings, at(time))).toBe(false)
  for (const time of quiet) expect(isQuiet({ ...settings, quiet: false }, at(time))).toBe(false)
})

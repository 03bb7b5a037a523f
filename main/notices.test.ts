import { describe, expect, test } from 'vitest'
import type { Change } from '#contract/live'
import { noticeOf, plain, settledBy, summaryOf } from './notices.ts'

const ids = { run: '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000', approval: '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001' }

function approvalChange(status: string, subject = 'rm -rf build'): Change {
  const data = { id: ids.approval, runId: ids.run, runNumber: 7, title: 'wants to run a command', subject, status }
  return { seq: 1, ts: '', op: 'changed', id: ids.approval, noun: 'approval', data } as unknown as Change
}

function runChange(status: string): Change {
  const data = { id: ids.run, number: 7, status, error: { code: 'X', message: 'No credits left.' } }
  return { seq: 1, ts: '', op: 'changed', id: ids.run, noun: 'run', data } as unknown as Change
}

describe('a notice', () => {
  test('tells of an agent that waits, and leads to its run', () => {
    expect(noticeOf(approvalChange('pending'))).toMatchObject({
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
    expect(noticeOf(runChange(status))).toMatchObject({ title, body: 'No credits left.' })
  })

  test.each(['QUEUED', 'RUNNING', 'SUCCEEDED', 'CANCELLED'])('is not made of a run that is %s', status => {
    expect(noticeOf(runChange(status))).toBeNull()
  })

  test('is settled by any answer', () => {
    expect(settledBy(approvalChange('denied'))).toBe(noticeOf(approvalChange('pending'))?.key)
    expect(settledBy(approvalChange('pending'))).toBeNull()
  })

  test('of many says how many', () => {
    const waiting = noticeOf(approvalChange('pending'))
    const failed = noticeOf(runChange('FAILED'))
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

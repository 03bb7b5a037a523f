import type { Change } from '#contract/live'
import type { Run } from '#contract/runs/runs'

/** Something that its user should hear of outside of the window. */
export interface Notice {
  /** One notice of a key replaces the one before. */
  key: string
  title: string
  body: string
  page: string
  /** Pages on which it would say what is seen already. */
  seenOn: readonly string[]
}

const longestBody = 180

/** What a change means for somebody who looks elsewhere: an agent waits, or a run failed. */
export function noticeOf(change: Change): Notice | null {
  switch (change.noun) {
    case 'approval': {
      const approval = change.data
      if (approval?.status !== 'pending') return null
      return {
        key: approvalKey(approval.id),
        title: `Run ${approval.runNumber} needs you`,
        body: plain([approval.title, approval.subject].filter(part => part !== '').join(': ')),
        page: `/runs/${approval.runId}`,
        seenOn: [`/runs/${approval.runId}`, `/approvals/${approval.id}`, '/approvals']
      }
    }
    case 'run':
      return change.data && hasFailed(change.data) ? failureNotice(change.data) : null
    default:
      return null
  }
}

/** Key of the notice that a change makes pointless, because somebody answered elsewhere. */
export function settledBy(change: Change): string | null {
  if (change.noun !== 'approval' || change.data?.status === 'pending') return null
  return approvalKey(change.id)
}

/** Several at once are told as one. */
export function summaryOf(notices: readonly Notice[]): Notice {
  const waiting = notices.filter(notice => notice.key.startsWith('approval:')).length
  const failed = notices.length - waiting
  const parts = [waiting > 0 && `${waiting} waiting for you`, failed > 0 && `${failed} failed`]
  return {
    key: 'summary',
    title: 'Flotilla',
    body: parts.filter(part => part !== false).join(', '),
    page: waiting > 0 ? '/approvals' : '/runs',
    seenOn: ['/approvals', '/runs']
  }
}

function failureNotice(run: Run): Notice {
  const page = `/runs/${run.id}`
  const how = { TIMED_OUT: 'ran out of time', LOST: 'lost its runner' }[run.status as string] ?? 'failed'
  return {
    key: `run:${run.id}`,
    title: `Run ${run.number} ${how}`,
    body: plain(run.error?.message ?? run.statusReason ?? run.input),
    page,
    seenOn: [page]
  }
}

function hasFailed({ status }: Run): boolean {
  return status === 'FAILED' || status === 'TIMED_OUT' || status === 'LOST'
}

function approvalKey(id: string): string {
  return `approval:${id}`
}

/** One line without what could pretend to be something else: control characters and marks that turn the direction of text. */
export function plain(text: string, longest = longestBody): string {
  const line = text
    .slice(0, longest * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`
}

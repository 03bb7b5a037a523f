import { z } from 'zod'
import type { Change } from './live.ts'
import type { Budget } from './money/budgets.ts'
import type { Approval } from './runs/approvals.ts'
import type { Run } from './runs/runs.ts'
import type { Flow } from './work/flows.ts'

/** What a person can be told of while they look elsewhere. */
export const noticeKinds = ['needsYou', 'failed', 'finished', 'budget'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** `08:30`, by the clock of the computer that tells. */
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** Of one desktop or one browser. A value that makes no sense counts as not set. */
export const noticeSettings = z.object({
  needsYou: z.boolean().catch(true),
  failed: z.boolean().catch(true),
  finished: z.boolean().catch(false),
  budget: z.boolean().catch(true),
  sound: z.boolean().catch(true),
  /** Between these nothing is told, and nothing of it afterwards. */
  quiet: z.boolean().catch(false),
  quietFrom: clockTime.catch('22:00'),
  quietTo: clockTime.catch('07:00')
})
export type NoticeSettings = z.infer<typeof noticeSettings>

/** Something that its user should hear of outside of the window. */
export interface Notice {
  kind: NoticeKind
  /** One notice of a key replaces the one before. */
  key: string
  title: string
  body: string
  page: string
  /** Pages on which it would say what is seen already. */
  seenOn: readonly string[]
}

const longestBody = 180
/** What ended longer ago only changed in some other way. In ms. */
const newsMs = 10 * 60_000

/** What a change means for somebody who looks elsewhere. */
export function noticeOf(change: Change, now: number): Notice | null {
  switch (change.noun) {
    case 'approval': {
      const approval = change.data
      if (approval?.status !== 'pending') return null
      return {
        kind: 'needsYou',
        key: approvalKey(approval.id),
        title: approval.runNumber === null ? 'A flow needs you' : `Run ${approval.runNumber} needs you`,
        body: plain([approval.title, approval.subject].filter(part => part !== '').join(': ')),
        page: pageOf(approval),
        seenOn: [pageOf(approval), `/approvals/${approval.id}`, '/approvals']
      }
    }
    case 'run':
      return change.data && isNews(change.data, now) ? runNotice(change.data) : null
    case 'flow':
      return change.data && now - Date.parse(change.data.statusSince) < newsMs ? flowNotice(change.data) : null
    case 'budget':
      return change.data && budgetNotice(change.data)
    default:
      return null
  }
}

/** Key of the notice that a change makes pointless, because somebody answered elsewhere. */
export function settledBy(change: Change): string | null {
  if (change.noun !== 'approval' || change.data?.status === 'pending') return null
  return approvalKey(change.id)
}

const sums: Record<NoticeKind, string> = {
  needsYou: 'waiting for you',
  failed: 'failed',
  finished: 'finished',
  budget: 'about budgets'
}

/** Several at once are told as one. */
export function summaryOf(notices: readonly Notice[]): Notice {
  const parts = noticeKinds.map(kind => ({ kind, count: notices.filter(notice => notice.kind === kind).length }))
  const told = parts.filter(({ count }) => count > 0)
  const waits = told.some(({ kind }) => kind === 'needsYou')
  return {
    kind: told[0]?.kind ?? 'needsYou',
    key: 'summary',
    title: 'Flotilla',
    body: told.map(({ kind, count }) => `${count} ${sums[kind]}`).join(', '),
    page: waits ? '/approvals' : '/runs',
    seenOn: ['/approvals', '/runs']
  }
}

/** Whether nothing is told now. Quiet hours may go over midnight; from one time to the same there are none. */
export function isQuiet({ quiet, quietFrom, quietTo }: NoticeSettings, at: Date): boolean {
  if (!quiet) return false
  const now = `${pad(at.getHours())}:${pad(at.getMinutes())}`
  return quietFrom <= quietTo ? quietFrom <= now && now < quietTo : quietFrom <= now || now < quietTo
}

const pad = (n: number) => String(n).padStart(2, '0')

function runNotice(run: Run): Notice | null {
  const ending = endings[run.status]
  if (!ending) return null
  const page = `/runs/${run.id}`
  const said = ending.kind === 'finished' ? run.result : (run.error?.message ?? run.statusReason)
  return {
    kind: ending.kind,
    key: `run:${run.id}`,
    title: `Run ${run.number} ${ending.words}`,
    body: plain(said ?? run.input),
    page,
    seenOn: [page]
  }
}

const endings: Partial<Record<Run['status'], { kind: NoticeKind; words: string }>> = {
  SUCCEEDED: { kind: 'finished', words: 'is done' },
  FAILED: { kind: 'failed', words: 'failed' },
  TIMED_OUT: { kind: 'failed', words: 'ran out of time' },
  LOST: { kind: 'failed', words: 'lost its runner' }
}

function isNews({ endedAt }: Run, now: number): boolean {
  return endedAt === null || now - Date.parse(endedAt) < newsMs
}

const consequences: Record<Budget['action'], string> = {
  warn: 'Runs go on.',
  pause: 'No new runs start until it is raised.',
  stop: 'No new runs start, and those that go past it are stopped.'
}

function budgetNotice({ id, agentName, state, periodStart, utilization, action }: Budget): Notice | null {
  if (state === 'ok') return null
  const whose = agentName === null ? 'the fleet' : plain(agentName)
  const spent = `${Math.round(utilization * 100)}% of it is spent.`
  return {
    kind: 'budget',
    key: `budget:${id}:${periodStart}:${state}`,
    title: `The budget of ${whose} is ${state === 'warned' ? 'nearly used up' : 'used up'}`,
    body: state === 'warned' ? spent : `${spent} ${consequences[action]}`,
    page: '/usage',
    seenOn: ['/usage']
  }
}

/** Of one that paused by itself; each of its runs that failed was told before. */
function flowNotice({ id, title, status, statusReason, statusSince }: Flow): Notice | null {
  if (status !== 'error') return null
  return {
    kind: 'failed',
    key: `flow:${id}:${statusSince}`,
    title: 'A flow paused by itself',
    body: plain(`${title}: ${statusReason ?? ''}`),
    page: `/flows/${id}`,
    seenOn: [`/flows/${id}`]
  }
}

/** Where it is answered: in its run, where there is one. */
export function pageOf({ id, runId }: Pick<Approval, 'id' | 'runId'>): string {
  return runId === null ? `/approvals/${id}` : `/runs/${runId}`
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

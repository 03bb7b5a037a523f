import type { FlowOrigin, FlowRun, FlowRunStatus } from '#contract/work/flow-runs'
import type { FlowTrigger } from '#contract/work/flow-triggers'
import type { Flow, FlowOutcome } from '#contract/work/flows'
import { count, duration } from '../../lib/format.ts'
import type { Tone } from '../../ui/glyph.tsx'

export interface Look {
  tone: Tone
  word: string
}

/** What a flow is at now. `asks`: one of its runs waits for a person. */
export function lookOfFlow({ status, isRunning, openRuns, standing }: Flow, asks: boolean): Look {
  if (asks) return { tone: 'waiting', word: 'Waiting for you' }
  if (isRunning) return { tone: 'running', word: 'Running' }
  if (openRuns > 0) return { tone: 'queued', word: 'Starting' }
  switch (status) {
    case 'active':
      return standing.state === 'blocked' ? { tone: 'failed', word: 'Cannot start' } : { tone: 'idle', word: 'Active' }
    case 'error':
      return { tone: 'failed', word: 'Paused by itself' }
    case 'paused':
      return { tone: 'paused', word: 'Paused' }
    case 'draft':
      return { tone: 'queued', word: 'Draft' }
    case 'archived':
      return { tone: 'cancelled', word: 'Archived' }
    default:
      return status satisfies never
  }
}

export const statusTitles: Record<Flow['status'], string> = {
  active: 'Active',
  paused: 'Paused',
  error: 'Paused by itself',
  draft: 'Drafts',
  archived: 'Archived'
}

export const modeWords: Record<Flow['mode'], string> = { auto: 'Runs by itself', always_ask: 'Asks first' }

/** "the file report.csv" */
function watchedWords(watched: Extract<FlowTrigger, { type: 'change' }>['watched']): string {
  return watched.type === 'file' ? `the file ${watched.path}` : `the git ref ${watched.ref}`
}

const endings = { success: 'ended well', failure: 'failed', end: 'ended' } as const

/** What starts it, in words. `titleOf`: of another flow, as far as it is known. */
export function triggerWords(trigger: FlowTrigger, titleOf: (flowId: string) => string | undefined): string {
  switch (trigger.type) {
    case 'schedule':
      return trigger.words
    case 'webhook':
      return 'A webhook'
    case 'flow':
      return `After ${titleOf(trigger.flowId) ?? 'another flow'} ${endings[trigger.on]}`
    case 'change':
      return `When ${watchedWords(trigger.watched)} changes`
    default:
      return trigger satisfies never
  }
}

/** The same of all of them, as short as a row of a list asks for. */
export function startWords({ schedule, triggers }: Pick<Flow, 'schedule' | 'triggers'>): string {
  const kinds = new Set(triggers.map(({ type }) => type))
  const words = [
    schedule,
    kinds.has('webhook') ? 'a webhook' : null,
    kinds.has('flow') ? 'after another flow' : null,
    kinds.has('change') ? 'when something changes' : null
  ].filter(word => word !== null)
  const line = words.join('; ')
  return line === '' ? 'By hand only' : line.charAt(0).toUpperCase() + line.slice(1)
}

/** Why it cannot be started by hand now; null: it can. */
export function whyNotNow({ status, overlap, openRuns }: Flow): string | null {
  if (status === 'draft') return 'It is a draft: make it active first'
  if (status === 'archived') return 'It is archived: restore it first'
  if (status !== 'active') return 'It is paused: resume it first'
  if (openRuns > 0 && overlap === 'refuse') return 'It is under way, and does not start beside itself'
  return null
}

const ticks: Record<FlowRunStatus, Look> = {
  checking: { tone: 'queued', word: 'Checking' },
  pending: { tone: 'waiting', word: 'Waiting for you' },
  queued: { tone: 'queued', word: 'Waits its turn' },
  approved: { tone: 'queued', word: 'Starting' },
  running: { tone: 'running', word: 'Running' },
  retrying: { tone: 'queued', word: 'Tried again soon' },
  completed: { tone: 'done', word: 'Done' },
  failed: { tone: 'failed', word: 'Failed' },
  skipped: { tone: 'cancelled', word: 'Skipped' },
  refused: { tone: 'cancelled', word: 'Refused' }
}

export function lookOfTick({ status }: Pick<FlowRun, 'status'>): Look {
  return ticks[status]
}

export const originWords: Record<FlowOrigin, string> = {
  schedule: 'by schedule',
  webhook: 'by webhook',
  flow: 'after another flow',
  change: 'by a change',
  manual: 'by hand'
}

/** What became of it, or why: the result, the error, or the reason of its status. */
export function outcomeWords({ status, reason, resultSummary, errorMessage }: FlowRun): string {
  if (status === 'completed') return resultSummary ?? ''
  return errorMessage ?? reason?.message ?? ''
}

/** Below this nobody calls it late. */
const punctualMs = 2000

/** How late it was taken up; null: it was not. */
export function latenessWords({ lateMs, missed }: Pick<FlowRun, 'lateMs' | 'missed'>): string | null {
  if (missed > 1) return `stands for ${count(missed, 'missed time')}`
  return lateMs < punctualMs ? null : `${duration(lateMs)} late`
}

const outcomeNames: Record<FlowOutcome, string> = {
  completed: 'done',
  failed: 'failed',
  skipped: 'skipped',
  refused: 'refused'
}

/** What a strip of outcomes shows, for who does not see it: "Last 12: 10 done, 2 failed; the latest failed" */
export function recentWords(recent: readonly FlowOutcome[], running: boolean): string {
  const latest = recent.at(-1)
  if (latest === undefined) return running ? 'Running for the first time' : 'It never ran'
  const counts = Object.entries(outcomeNames).flatMap(([outcome, name]) => {
    const n = recent.filter(one => one === outcome).length
    return n === 0 ? [] : [`${n} ${name}`]
  })
  return `Last ${recent.length}: ${counts.join(', ')}; the latest ${outcomeNames[latest]}${running ? '; running now' : ''}`
}

export interface Success {
  done: number
  ran: number
  /** In the middle of those that ended; null: nothing is known. */
  medianMs: number | null
  medianUsd: number | null
}

/** How those that ran ended. */
export function successOf(of: readonly FlowRun[]): Success {
  const ran = of.filter(({ status }) => status === 'completed' || status === 'failed')
  return {
    done: ran.filter(({ status }) => status === 'completed').length,
    ran: ran.length,
    medianMs: median(ran.map(({ durationMs }) => durationMs)),
    medianUsd: median(ran.map(({ costUsd }) => costUsd))
  }
}

function median(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null).sort((a, b) => a - b)
  return known[Math.floor(known.length / 2)] ?? null
}

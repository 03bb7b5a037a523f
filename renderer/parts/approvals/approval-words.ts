import type { Approval } from '#contract/runs/approvals'
import { visible } from '../../lib/visible.ts'
import type { Tone } from '../../ui/glyph.tsx'
import { type Request, requestOf, subjectOf } from './approval-request.ts'

type Decided = { kind: Approval['kind']; state: Approval['status'] | 'requested'; scope?: Approval['scope'] }

/** How a decision reads in one line. */
export function decisionWords({ kind, state, scope }: Decided): { tone: Tone; words: string } {
  switch (state) {
    case 'approved':
      return { tone: 'done', words: allowedWords(kind, scope) }
    case 'denied':
      return { tone: 'cancelled', words: deniedWords[kind] }
    case 'withdrawn':
      return { tone: 'cancelled', words: kind === 'flow' ? 'The flow was paused' : 'Withdrawn by the agent' }
    case 'expired':
      return { tone: 'cancelled', words: kind === 'flow' ? 'Not answered in time' : 'Not answered' }
    case 'pending':
    case 'requested':
      return { tone: 'waiting', words: 'Waiting for you' }
  }
}

const deniedWords = {
  tool: 'Denied',
  plan: 'Denied',
  question: 'Not answered',
  trust: 'Goes on without it',
  flow: 'Not started'
} as const

function allowedWords(kind: Approval['kind'], scope: Approval['scope'] | undefined): string {
  if (kind === 'question') return 'Answered'
  if (kind === 'plan') return 'Plan approved'
  if (kind === 'trust') return 'Trusted'
  if (kind === 'flow') return 'Started'
  if (scope === 'run') return 'Allowed in this run'
  return scope === 'once' ? 'Allowed once' : 'Allowed'
}

/** Titles begin with a verb; who wants it stands before it. */
export function sentenceOf(title: string, who = 'The agent'): string {
  return /^\p{Ll}/u.test(title) ? `${who} ${title}` : title
}

/** Who asks: the agent, or its run where no agent has a name. */
export function askerOf({ agentName, runNumber }: Pick<Approval, 'agentName' | 'runNumber'>): string {
  return agentName ?? (runNumber === null ? 'A flow' : `Run #${runNumber}`)
}

export interface Ask {
  who: string
  verb: string
  /** One line of what it is about, in its own words; empty when the verb says all. */
  subject: string
}

const longestSubject = 80

/** A request in one line that begins with who asks: release-pilot wants to run `npm publish`. */
export function askOf(approval: Approval): Ask {
  const request = requestOf(approval)
  // No agent wants anything yet: what asks is the flow.
  if (request.kind === 'flow') return { who: approval.subject, verb: 'wants to start', subject: '' }
  const verb = verbs[request.kind]
  if (verb === null) return { who: askerOf(approval), verb: lowered(approval.title), subject: '' }
  const [first = '', ...more] = subjectOf(request).trim().split('\n')
  const cut = first.length > longestSubject || more.length > 0
  return { who: askerOf(approval), verb, subject: cut ? `${first.slice(0, longestSubject).trimEnd()}…` : first }
}

/** null: the title says it. */
const verbs: Record<Exclude<Request['kind'], 'flow'>, string | null> = {
  command: 'wants to run',
  edit: 'wants to edit',
  write: 'wants to write',
  edits: null,
  fetch: 'wants to open',
  plan: 'has a plan',
  question: 'asks',
  trust: null,
  other: null
}

/** What becomes of a reason that is given with a no. */
export function reasonWords({ kind }: Pick<Approval, 'kind'>): { label: string; note: string } {
  if (kind === 'flow') return { label: 'Reason, kept with the flow', note: 'It is kept with the flow' }
  return { label: 'Reason, sent to the agent with a denial', note: 'The agent reads it and goes on' }
}

function lowered(title: string): string {
  return /^\p{Lu}\p{Ll}/u.test(title) ? `wants to ${title.charAt(0).toLowerCase()}${title.slice(1)}` : title
}

/** The same where only a string fits. */
export function askLine(approval: Approval): string {
  const { who, verb, subject } = askOf(approval)
  return visible([who, verb, subject].filter(Boolean).join(' '))
}

import type { Approval } from '#contract/runs/approvals'
import type { Tone } from '../../ui/glyph.tsx'

type Decided = { kind: Approval['kind']; state: Approval['status'] | 'requested'; scope?: Approval['scope'] }

/** How a decision reads in one line. */
export function decisionWords({ kind, state, scope }: Decided): { tone: Tone; words: string } {
  switch (state) {
    case 'approved':
      return { tone: 'done', words: allowedWords(kind, scope) }
    case 'denied':
      return { tone: 'cancelled', words: deniedWords[kind] }
    case 'withdrawn':
      return { tone: 'cancelled', words: 'Withdrawn by the agent' }
    case 'expired':
      return { tone: 'cancelled', words: 'Not answered: the run ended' }
    case 'pending':
    case 'requested':
      return { tone: 'waiting', words: 'Waiting for you' }
  }
}

const deniedWords = { tool: 'Denied', plan: 'Denied', question: 'Not answered', trust: 'Goes on without it' } as const

function allowedWords(kind: Approval['kind'], scope: Approval['scope'] | undefined): string {
  if (kind === 'question') return 'Answered'
  if (kind === 'plan') return 'Plan approved'
  if (kind === 'trust') return 'Trusted'
  if (scope === 'run') return 'Allowed in this run'
  return scope === 'once' ? 'Allowed once' : 'Allowed'
}

/** Titles begin with a verb; who wants it stands before it. */
export function sentenceOf(title: string): string {
  return /^\p{Ll}/u.test(title) ? `The agent ${title}` : title
}

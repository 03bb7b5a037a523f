import type { Approval } from '#contract/approvals'
import type { Tone } from '../ui/glyph.tsx'

type Decided = { state: Approval['status'] | 'requested'; scope?: Approval['scope'] }

/** How a decision reads in one line. */
export function decisionWords({ state, scope }: Decided): { tone: Tone; words: string } {
  switch (state) {
    case 'approved':
      return {
        tone: 'done',
        words: scope === 'run' ? 'Allowed in this run' : scope === 'once' ? 'Allowed once' : 'Allowed'
      }
    case 'denied':
      return { tone: 'cancelled', words: 'Denied' }
    case 'withdrawn':
      return { tone: 'cancelled', words: 'Withdrawn by the agent' }
    case 'expired':
      return { tone: 'cancelled', words: 'Not answered: the run ended' }
    case 'pending':
    case 'requested':
      return { tone: 'waiting', words: 'Waiting for you' }
  }
}

/** Titles begin with a verb; who wants it stands before it. */
export function sentenceOf(title: string): string {
  return /^\p{Ll}/u.test(title) ? `The agent ${title}` : title
}

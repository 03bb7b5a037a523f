import {
  Brain,
  CircleDot,
  FilePen,
  FileText,
  Flag,
  type LucideIcon,
  MessageSquare,
  ShieldCheck,
  TriangleAlert,
  User,
  Wrench
} from 'lucide-react'
import type { SearchedKind, SearchHit } from '#contract/runs/search'

const looks: Record<SearchedKind, { icon: LucideIcon; word: string }> = {
  user: { icon: User, word: 'Prompt' },
  assistant: { icon: MessageSquare, word: 'Answer' },
  thinking: { icon: Brain, word: 'Thought' },
  tool_use: { icon: Wrench, word: 'Tool call' },
  tool_result: { icon: FileText, word: 'Output' },
  approval: { icon: ShieldCheck, word: 'Approval' },
  result: { icon: Flag, word: 'Result' },
  error: { icon: TriangleAlert, word: 'Error' },
  system: { icon: CircleDot, word: 'Note' }
}

/** What an event is, in a word. */
export function lookOfHit({ kind, about }: Pick<SearchHit, 'kind' | 'about'>): { icon: LucideIcon; word: string } {
  return kind === 'tool_result' && about !== null ? { icon: FilePen, word: 'Edit' } : looks[kind]
}

/** Where a hit leads: its run at this event, with what was found filled into the search of the run. */
export function hrefOfHit({ runId, seq, excerpt }: Pick<SearchHit, 'runId' | 'seq' | 'excerpt'>): string {
  const found = excerpt.find(({ hit }) => hit)?.text
  const params = new URLSearchParams({ at: String(seq), ...(found !== undefined && { find: found }) })
  return `/runs/${runId}?${params}`
}

export function idOfHit({ runId, seq }: Pick<SearchHit, 'runId' | 'seq'>): string {
  return `hit-${runId}-${seq}`
}

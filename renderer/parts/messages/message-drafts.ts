import { remember, remembered } from '../../lib/storage.ts'

const kept = 50

/** What was typed and not sent, by thread, or by the agent that it is for; the oldest of too many go. */
function drafts(): [string, string][] {
  return remembered<[string, string][]>('replies', [])
}

export function draftOf(of: string): string {
  return drafts().find(([id]) => id === of)?.[1] ?? ''
}

export function keepDraft(of: string, text: string): void {
  const others = drafts().filter(([id]) => id !== of)
  remember('replies', [...others, ...(text === '' ? [] : [[of, text]])].slice(-kept))
}

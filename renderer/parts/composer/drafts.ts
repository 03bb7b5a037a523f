import { create } from 'zustand'
import { remember, remembered } from '../../lib/storage.ts'

const draftsKept = 50
const longestDraftKept = 20_000

/** What was typed but not sent, by what it was for. It survives leaving the page and a restart. */
const useDrafts = create<{ drafts: Record<string, string> }>(() => ({ drafts: remembered('drafts', {}) }))

export function useDraft(name: string): [string, (text: string) => void] {
  const draft = useDrafts(state => state.drafts[name] ?? '')
  return [draft, text => setDraft(name, text)]
}

/** For a form that has a state of its own. */
export function keptDraft(name: string): string {
  return useDrafts.getState().drafts[name] ?? ''
}

export function setDraft(name: string, text: string): void {
  const { [name]: _, ...others } = useDrafts.getState().drafts
  const drafts = text === '' ? others : { ...others, [name]: text }
  useDrafts.setState({ drafts })
  const kept = Object.entries(drafts).filter(([, draft]) => draft.length <= longestDraftKept)
  remember('drafts', Object.fromEntries(kept.slice(-draftsKept)))
}

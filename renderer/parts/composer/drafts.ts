import { create } from 'zustand'
import { remember, remembered } from '../../lib/storage.ts'

const draftsKept = 50
const longestDraftKept = 20_000

/** What was typed but not sent, by run. It survives leaving the page and a restart. */
const useDrafts = create<{ drafts: Record<string, string> }>(() => ({ drafts: remembered('drafts', {}) }))

export function useDraft(runId: string): [string, (text: string) => void] {
  const draft = useDrafts(state => state.drafts[runId] ?? '')
  return [draft, text => setDraft(runId, text)]
}

function setDraft(runId: string, text: string): void {
  const { [runId]: _, ...others } = useDrafts.getState().drafts
  const drafts = text === '' ? others : { ...others, [runId]: text }
  useDrafts.setState({ drafts })
  const kept = Object.entries(drafts).filter(([, draft]) => draft.length <= longestDraftKept)
  remember('drafts', Object.fromEntries(kept.slice(-draftsKept)))
}

import { useState } from 'react'
import { remember, remembered } from '../../../lib/storage.ts'
import type { SettingsDraft } from './settings-draft.ts'

type Typed = Partial<SettingsDraft>

const draftsKept = 20

/** What was typed and not saved, by agent (`new` for one that is not there yet). It survives leaving the page and a reload. */
export function useSettingsDraft(id: string, saved: SettingsDraft) {
  const [typed, setTyped] = useState<Typed>(() => remembered<Record<string, Typed>>('agent-drafts', {})[id] ?? {})
  const keep = (next: Typed) => {
    setTyped(next)
    const { [id]: _, ...others } = remembered<Record<string, Typed>>('agent-drafts', {})
    const kept = Object.entries(others).slice(-draftsKept)
    remember('agent-drafts', Object.fromEntries(Object.keys(next).length === 0 ? kept : [...kept, [id, next]]))
  }
  return {
    /** Fields that nobody touched follow the agent as it is. */
    draft: { ...saved, ...typed },
    set: (change: Typed) => keep({ ...typed, ...change }),
    clear: () => keep({})
  }
}

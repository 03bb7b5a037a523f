import { useState } from 'react'
import { remember, remembered } from '../../lib/storage.ts'

/** What is typed into a form and not saved yet. It survives leaving the page and a reload. */
export function useTaskDraft<Draft extends object>(name: string) {
  const key = `task.${name}`
  const [draft, setDraft] = useState<Partial<Draft>>(() => remembered<Partial<Draft>>(key, {}))
  const keep = (next: Partial<Draft>) => {
    setDraft(next)
    remember(key, next)
  }
  return { draft, set: (change: Partial<Draft>) => keep({ ...draft, ...change }), clear: () => keep({}) }
}

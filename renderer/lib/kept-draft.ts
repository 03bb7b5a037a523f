import { useState } from 'react'
import { remember, remembered } from './storage.ts'

const draftsKept = 20

/**
 * What was typed into a form and not saved, by what it is of (`new` for one that is not there yet). It survives leaving
 * the page and a reload. `store`: its name in the storage.
 */
export function useKeptDraft<Draft extends object>(store: string, id: string, saved: Draft) {
  type Typed = Partial<Draft>
  const [typed, setTyped] = useState<Typed>(() => remembered<Record<string, Typed>>(store, {})[id] ?? {})
  const keep = (next: Typed) => {
    setTyped(next)
    const { [id]: _, ...others } = remembered<Record<string, Typed>>(store, {})
    const kept = Object.entries(others).slice(-draftsKept)
    remember(store, Object.fromEntries(Object.keys(next).length === 0 ? kept : [...kept, [id, next]]))
  }
  return {
    /** Fields that nobody touched follow the thing as it is. */
    draft: { ...saved, ...typed },
    set: (change: Typed) => keep({ ...typed, ...change }),
    clear: () => keep({})
  }
}

/** Only what differs from the thing as it is: nothing that another changed meanwhile is put back. */
export function differing<Values extends object>(known: Partial<Values>, values: Values): Partial<Values> {
  const changed = Object.entries(values).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(known[field as keyof Values])
  )
  return Object.fromEntries(changed) as Partial<Values>
}

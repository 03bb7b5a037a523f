import type { QueryClient, QueryKey } from '@tanstack/react-query'
import type { Change, Noun } from '#contract/live'

type Of<N extends Noun> = Extract<Change, { noun: N }>

/**
 * How a change of each noun reaches the caches, without asking the server again where the change itself says enough. A
 * noun that stands nowhere is one that no screen shows.
 */
export type Nouns = { readonly [N in Noun]?: (queries: QueryClient, change: Of<N>) => void }

/** Brings the caches to what a change says. */
export function applyChange(nouns: Nouns, queries: QueryClient, change: Change): void {
  const apply = nouns[change.noun] as ((queries: QueryClient, change: Change) => void) | undefined
  apply?.(queries, change)
}

interface Cached {
  /** The key of one thing. */
  one?: (id: string) => QueryKey
  /** What all its lists begin with; each holds `{data: […]}`, whatever else. */
  lists?: QueryKey
}

/**
 * For a noun whose changes bring the thing: it is put where it stands, in lists too, and taken from them when it is gone.
 * A list that does not hold it yet is asked for again, for only the server knows whether and where it belongs there.
 */
export function cached<Item extends { id: string }>({ one, lists }: Cached) {
  return (queries: QueryClient, { id, op, data }: { id: string; op: Change['op']; data: Item | null }): void => {
    const gone = op === 'deleted' || data === null
    if (one && gone) queries.removeQueries({ queryKey: one(id), exact: true })
    if (one && !gone) queries.setQueryData(one(id), data)
    for (const [key, list] of lists ? queries.getQueriesData<{ data: Item[] }>({ queryKey: lists }) : []) {
      const at = list?.data?.findIndex(item => item.id === id) ?? -1
      if (list && at >= 0) {
        const items = gone ? list.data.toSpliced(at, 1) : list.data.with(at, data)
        queries.setQueryData(key, { ...list, data: items })
      } else if (!gone) void queries.invalidateQueries({ queryKey: key, exact: true })
    }
  }
}

/** For a noun whose changes bring no more than an id: what is shown of it is asked for again. */
export function askedAgain(keyOf: (id: string) => QueryKey) {
  return (queries: QueryClient, { id }: { id: string }): void => void queries.invalidateQueries({ queryKey: keyOf(id) })
}

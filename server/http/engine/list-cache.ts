import type { Noun } from '#contract/live'
import type { Domain } from '../../domain/domain.ts'

/** Lists kept, the one asked for longest ago is forgotten; and the longest body worth keeping. */
const maxLists = 64
const maxBytes = 256 << 10

interface Kept {
  tag: string
  body: Buffer
}

/** Bodies of lists as they were last sent. What is in one hangs on nothing but its address, who sees it, the day, and what it is of. */
export interface ListCache {
  /** Name of the list as it is now, told without reading it. */
  tagOf(domain: Domain, nouns: readonly Noun[]): string
  body(domain: Domain, address: string, tag: string, make: () => string): Buffer
}

export function createListCache(): ListCache {
  const lists = new Map<string, Kept>()

  return {
    tagOf(domain, nouns) {
      // Figures of today are in many lists, and start anew with the day.
      const day = Math.floor(domain.clock.now() / 86_400_000)
      return `"${domain.store.changes.version(nouns)}-${day}-${seer(domain)}"`
    },
    body(domain, address, tag, make) {
      const key = `${seer(domain)} ${address}`
      const known = lists.get(key)
      lists.delete(key)
      const kept = known?.tag === tag ? known : { tag, body: Buffer.from(make()) }
      if (kept.body.length <= maxBytes) lists.set(key, kept)
      if (lists.size > maxLists) lists.delete(lists.keys().next().value ?? '')
      return kept.body
    }
  }
}

function seer({ sight }: Domain): string {
  return sight === 'everything' ? 'all' : sight.userId
}

import type { Delta } from '#contract/runs/events'
import type { RunStatus } from '#contract/runs/runs'
import type { StoredEvent } from '../store/runs/events.ts'

/** Events of one commit, in order and without gaps. Encoded at most once for each wire form, however many listen. */
export interface Batch {
  readonly first: number
  readonly last: number
  readonly events: readonly StoredEvent[]
  encoded(encode: (event: StoredEvent) => string): Buffer
}

interface Topics {
  /** A run got events. */
  events: { run: number; batch: Batch }
  /** What a runner told of a run is stored up to an item. */
  stored: { acked: number }
  /** A run has half-finished text. */
  delta: { run: number; delta: Delta }
  /** A run has ended, after its last event. */
  end: { run: number; status: RunStatus }
  /** The change log grew. */
  changes: null
  /** A runner should look for runs (`claim`) or commands. */
  claim: { runner: string }
  commands: { runner: string }
  /** A runner is asked for a word, by sending its poll back; and it said one. */
  nudge: null
  word: null
  /** A credential, or all of a person, is worth nothing any more, or less than before. */
  revoked: null
  /** Something with a due time was added or moved. */
  duties: null
}

type Listener<Payload> = (payload: Payload) => void

/** Wake-ups between those who commit and those who wait. It keeps nothing: what matters is in the store. */
export interface Bus {
  publish<T extends keyof Topics>(topic: T, scope: string, payload: Topics[T]): void
  /** Returns the function that ends the subscription. */
  subscribe<T extends keyof Topics>(topic: T, scope: string, listener: Listener<Topics[T]>): () => void
  listening(topic: keyof Topics, scope: string): boolean
}

export function createBus(): Bus {
  const listeners = new Map<string, Set<Listener<never>>>()
  const key = (topic: string, scope: string) => `${topic}:${scope}`
  return {
    publish(topic, scope, payload) {
      // A copy, since a listener may end its own subscription.
      for (const listener of [...(listeners.get(key(topic, scope)) ?? [])]) listener(payload as never)
    },
    subscribe(topic, scope, listener) {
      const name = key(topic, scope)
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener as Listener<never>)
      return () => {
        set.delete(listener as Listener<never>)
        if (set.size === 0) listeners.delete(name)
      }
    },
    listening: (topic, scope) => listeners.has(key(topic, scope))
  }
}

export function batchOf(events: readonly StoredEvent[]): Batch | null {
  const first = events[0]
  const last = events.at(-1)
  if (!first || !last) return null
  const buffers = new Map<(event: StoredEvent) => string, Buffer>()
  return {
    first: first.seq,
    last: last.seq,
    events,
    encoded(encode) {
      const known = buffers.get(encode)
      if (known) return known
      const buffer = Buffer.from(events.map(encode).join(''))
      buffers.set(encode, buffer)
      return buffer
    }
  }
}

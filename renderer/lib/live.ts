import { notifyManager, type QueryClient } from '@tanstack/react-query'
import { create } from 'zustand'
import type { Change } from '#contract/live'
import { type Follower, LiveConnection, type LiveListener, type LiveState } from './live-connection.ts'
import { applyChange, type Nouns } from './nouns.ts'
import { pace } from './pace.ts'
import { keys } from './query-keys.ts'

export const useLive = create<LiveState>(() => ({ name: 'connecting' }))

const listeners = new Set<(changes: readonly Change[]) => void>()

/** Told what has just reached the caches: for sums of many things, which no single change can bring. Returns how to end it. */
export function onChanges(listener: (changes: readonly Change[]) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

let connection: LiveConnection | undefined

/** Opens the connection of this window and lets it keep the caches, read after change `after`, true by `nouns`. Returns how to close it. */
export function startLive(queries: QueryClient, nouns: Nouns, after: number): () => void {
  // Of each thing only the newest state is drawn.
  const waiting = new Map<string, Change>()
  const applyAll = () => {
    const changes = [...waiting.values()]
    waiting.clear()
    // Told together: each telling by itself would draw the page anew.
    notifyManager.batch(() => {
      for (const change of changes) applyChange(nouns, queries, change)
    })
    for (const listener of listeners) listener(changes)
  }
  const listener: LiveListener = {
    change: change => {
      waiting.set(`${change.noun}:${change.id}`, change)
      pace(applyAll)
    },
    reset: () => void queries.invalidateQueries(),
    state: state => {
      useLive.setState(state, true)
      // A refused upgrade does not say why; asking who we are does, and leads to the sign-in page.
      if (state.name === 'lost') void queries.invalidateQueries({ queryKey: keys.me })
    }
  }
  const opened = new LiveConnection(listener, after)
  connection = opened
  return () => {
    opened.close()
    if (connection === opened) connection = undefined
    useLive.setState({ name: 'connecting' }, true)
  }
}

export function followRun(runId: string, follower: Follower): () => void {
  return connection?.follow(runId, follower) ?? (() => {})
}

export function reconnectNow(): void {
  connection?.retryNow()
}

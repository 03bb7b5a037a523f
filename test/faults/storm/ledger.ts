import { createHash } from 'node:crypto'
import type { RunStatus } from '#contract/runs/runs'
import type { ClaudePlan, Plan } from './plan.ts'

/** What one listener saw of a run, in the order in which it saw it. */
export interface Sighting {
  runId: string
  how: 'sse' | 'websocket' | 'poll'
  /** Where it began. */
  after: number
  events: { seq: number; hash: string }[]
  /** The end that it was told. */
  end: RunStatus | null
}

/** All that clients were promised and saw, and all that was done to the processes. */
export interface Ledger {
  launches: Map<string, Plan | ClaudePlan>
  cancelled: Set<string>
  /** What each answer 200 of approve and deny said, by approval. */
  decisions: Map<string, ('approved' | 'denied')[]>
  inputs: { runId: string; n: number; text: string }[]
  sightings: Sighting[]
  /** The last change of each run that the stream of all changes showed. */
  shown: Map<string, RunStatus>
  /** Runs whose agent was killed. */
  killedAgents: Set<string>
  /** Runners that were killed, or frozen for longer than their lease: from when to when, in ms. */
  runnersAway: { from: number; to: number }[]
  kills: Record<string, number>
  /** Largest size of control plane and runner, in megabytes. */
  largest: Record<string, number>
  /** Answers and streams that contradict what was promised. */
  contradictions: string[]
}

export function openLedger(): Ledger {
  return {
    launches: new Map(),
    cancelled: new Set(),
    decisions: new Map(),
    inputs: [],
    sightings: [],
    shown: new Map(),
    killedAgents: new Set(),
    runnersAway: [],
    kills: {},
    largest: {},
    contradictions: []
  }
}

/** A long storm sees too much to keep all of it. */
export function hashOf(event: unknown): string {
  return createHash('sha1').update(JSON.stringify(event)).digest('base64')
}

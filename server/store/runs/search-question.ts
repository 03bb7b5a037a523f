import type { SearchedKind } from '#contract/runs/search'
import type { Sight } from '../people/sight.ts'
import type { Wanted } from './search-match.ts'

export interface SearchQuestion {
  wanted: Wanted
  kinds: readonly SearchedKind[] | null
  agentId: string | null
  run: number | null
  /** Of events, in ms. */
  after: number | null
  before: number | null
  sight: Sight
  /** Only what lies below: older runs, and earlier events of this one. */
  below: Position | null
  perRun: number | null
  limit: number
  /** For looking through runs at most, in ms; then the page ends, and says so. */
  lookMs: number
}

export interface Position {
  run: number
  seq: number
}

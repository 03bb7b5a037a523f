import type { Waiting } from '../outbox/backlog.ts'
import type { Finish } from '../outbox/batch.ts'
import type { SpooledLine, SpoolFile } from './spool-file.ts'

export interface Recovered {
  items: Waiting[]
  /** Null: the process that executed the run was killed before its end. */
  finish: Finish | null
}

type Line = { finish: Finish } | { finish?: never; type: string; n: number }

/** What a former process kept of a run; what cannot be read counts as not kept. */
export function recover(file: SpoolFile): Recovered {
  const recovered: Recovered = { items: [], finish: null }
  for (const spooled of readLines(file)) {
    const line = JSON.parse(spooled.json) as Line
    if (line.finish !== undefined) return { ...recovered, finish: line.finish }
    const last = recovered.items.at(-1)
    if (last !== undefined && line.n !== last.n + 1) break
    recovered.items.push(itemOf(spooled, line))
  }
  return recovered
}

function readLines(file: SpoolFile): SpooledLine[] {
  try {
    return file.recover()
  } catch {
    return []
  }
}

function itemOf({ at, bytes }: SpooledLine, { n, type }: { n: number; type: string }): Waiting {
  // Nobody is left to read the next message: it must not be handed out.
  const json = type === 'turn' ? JSON.stringify({ type: 'facts', facts: {}, n }) : null
  return { n, bytes: json === null ? bytes : json.length, isTurn: false, json, at }
}

import type { z } from 'zod'
import { AppError, invalid } from '#contract/errors'
import { type SearchedKind, type search as searchEndpoint, searchedKinds } from '#contract/runs/search'
import { toRun } from '../../store/runs/runs.ts'
import type { Position, SearchQuestion } from '../../store/runs/search-question.ts'
import type { Domain, Reading } from '../domain.ts'
import { referredAgent } from '../fleet/agents.ts'
import { requireRun } from './runs.ts'
import { parseQuery } from './search-query.ts'

/** What one answer may take: others ask as well. */
const lookMs = 1000

type Query = z.output<typeof searchEndpoint.query>
type Found = z.output<typeof searchEndpoint.output>

/** What was said in all runs that the one who asks may see. Throws INVALID_REQUEST, NOT_FOUND, UNKNOWN_AGENT, STORE_UNAVAILABLE. */
export async function search(domain: Domain, query: Query): Promise<Found> {
  const { store } = domain
  const { hits, counts, next, lookedDownTo, index } = await store.search
    .find(questionOf(domain, query))
    .catch(unreadable)
  const runs = new Map(
    [...counts].flatMap(([number, count]) => {
      const row = store.runs.byNumber(number)
      return row ? [[number, { run: toRun(row), hits: count }] as const] : []
    })
  )
  return {
    hits: hits.flatMap(({ run, ...hit }) => {
      const known = runs.get(run)
      return known ? [{ runId: known.run.id, ...hit }] : []
    }),
    runs: [...runs.values()],
    next: next && `${next.run}.${next.seq}`,
    searchedBackTo: lookedDownTo === null ? null : (runBegan(domain, lookedDownTo) ?? null),
    index
  }
}

function runBegan({ store }: Reading, number: number): string | undefined {
  const row = store.runs.byNumber(number)
  return row && new Date(row.created_at).toISOString()
}

function unreadable(error: unknown): never {
  if (error instanceof AppError) throw error
  throw new AppError('STORE_UNAVAILABLE', `What was said cannot be searched now: ${(error as Error).message}`)
}

function questionOf(domain: Domain, query: Query): SearchQuestion {
  const { agentId, runId, after, before, perRun = null, limit, cursor } = query
  return {
    wanted: parseQuery(query.q),
    kinds: query.kind === undefined ? null : kindsOf(query.kind),
    agentId: agentId === undefined ? null : referredAgent(domain, 'agentId', agentId).id,
    run: runId === undefined ? null : requireRun(domain, runId).number,
    after: after === undefined ? null : Date.parse(after),
    before: before === undefined ? null : Date.parse(before),
    sight: domain.sight,
    below: cursor === undefined ? null : positionOf(cursor),
    perRun,
    limit,
    lookMs
  }
}

function positionOf(cursor: string): Position {
  const [run = 0, seq = 0] = cursor.split('.').map(Number)
  return { run, seq }
}

function kindsOf(text: string): SearchedKind[] {
  return text.split(',').map(name => {
    const kind = searchedKinds.find(one => one === name.trim())
    if (kind === undefined)
      throw invalid('kind', `there is no kind "${name.trim()}"; one of ${searchedKinds.join(', ')}`)
    return kind
  })
}

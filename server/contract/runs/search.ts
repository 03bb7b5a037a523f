import { z } from 'zod'
import { endpoint, idParams, queryInt, timestamp } from '../endpoint.ts'
import { type EventKind, toolKinds } from './events.ts'
import { run } from './runs.ts'

/** Hits that one answer names at most; the next one goes on behind `upTo`. */
export const hitLimit = 2000

export const searchRunEvents = endpoint({
  id: 'searchRunEvents',
  method: 'GET',
  path: '/api/v1/runs/:id/events/search',
  tag: 'runs',
  summary:
    'Events of a run that hold the words, by sequence number. Case does not count, colours of a terminal neither. ' +
    'Every event up to `upTo` was looked at; ask again with `after` until that is the last one.',
  scope: 'read',
  params: idParams,
  query: z.object({
    words: z.string().trim().min(1).max(1000),
    after: queryInt(0, Number.MAX_SAFE_INTEGER).default(0)
  }),
  output: z.object({ hits: z.array(z.int()).max(hitLimit), upTo: z.int() }),
  errors: ['NOT_FOUND']
})

/** Events that say something. */
export const searchedKinds = [
  'user',
  'assistant',
  'thinking',
  'tool_use',
  'tool_result',
  'approval',
  'result',
  'error',
  'system'
] as const satisfies readonly EventKind[]
export type SearchedKind = (typeof searchedKinds)[number]

/** Words and phrases that one search may name. */
export const maxSearchTerms = 32

export const searchHit = z
  .object({
    runId: z.string(),
    seq: z.int(),
    ts: timestamp,
    kind: z.enum(searchedKinds),
    toolKind: z.enum(toolKinds).nullable().describe('Of `tool_use`'),
    about: z.string().nullable().describe('Of `tool_use` its tool and what it is about, of an edit the file'),
    excerpt: z
      .array(z.object({ text: z.string(), hit: z.boolean() }))
      .describe('The place where most of it stands, part by part; `hit`: what was looked for. Cut ends are an ellipsis')
  })
  .meta({ id: 'SearchHit' })
export type SearchHit = z.infer<typeof searchHit>

/** How far everything has been read for searching. New events are there within a second. */
export const searchIndex = z
  .object({
    complete: z.boolean(),
    completeBackTo: timestamp.nullable().describe('While older runs are read: when the oldest of those began that are'),
    runsLeft: z.int().describe('At most so many runs are yet to be read'),
    rebuilt: z
      .object({ at: timestamp, why: z.string() })
      .nullable()
      .describe('When the index was last made anew because it could not be used, and why')
  })
  .meta({ id: 'SearchIndex' })
export type SearchIndex = z.infer<typeof searchIndex>

export const search = endpoint({
  id: 'search',
  method: 'GET',
  path: '/api/v1/search',
  tag: 'search',
  summary:
    'Events of all runs that say what is asked, newest run first and its latest event first. All words are required, in any order and ' +
    'form (`claim` finds `claimed`, `idempotency key` finds `idempotencyKey`); `"these words"` stand in this order, `OR` takes either, ' +
    '`-word` must not be there. Events that were let go are not found.',
  scope: 'read',
  query: z.object({
    q: z.string().max(2000),
    kind: z
      .string()
      .max(200)
      .optional()
      .describe(`One kind or several with commas: ${searchedKinds.join(', ')}`),
    agentId: z.string().max(64).optional().describe('Id or slug'),
    runId: z.string().max(64).optional(),
    after: timestamp.optional(),
    before: timestamp.optional(),
    perRun: queryInt(1, 50).optional().describe('At most so many hits of one run; ask with `runId` for the rest'),
    limit: queryInt(1, 100).default(50),
    cursor: z
      .string()
      .regex(/^\d{1,10}\.\d{1,10}$/, 'what `next` of an answer was')
      .optional()
      .describe('`next` of the answer before')
  }),
  output: z.object({
    hits: z.array(searchHit),
    runs: z
      .array(
        z.object({
          run,
          hits: z.int().nullable().describe('In the whole run, 100 for more; null: not counted in time')
        })
      )
      .describe('Of the hits, in their order'),
    next: z.string().nullable().describe('There may be more: go on with it as `cursor`; a page may be short, or empty'),
    searchedBackTo: timestamp
      .nullable()
      .describe('Looking through more takes too long for one answer: how far it reaches; null: as far as the hits'),
    index: searchIndex
  }),
  errors: ['NOT_FOUND', 'UNKNOWN_AGENT', 'LIMIT_REACHED', 'NOT_SUPPORTED', 'STORE_UNAVAILABLE']
})

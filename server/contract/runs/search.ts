import { z } from 'zod'
import { endpoint, idParams, queryInt } from '../endpoint.ts'

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

import { z } from 'zod'
import { endpoint, idParams } from '../endpoint.ts'

/** A file that a run changed, summed over its edits. What it changed by other means, such as a shell, is not seen. */
export const changedFile = z
  .object({
    path: z.string(),
    created: z.boolean(),
    added: z.int().describe('Lines'),
    removed: z.int().describe('Lines'),
    edits: z.int(),
    lastSeq: z.int().describe('Event of its latest edit')
  })
  .meta({ id: 'FileChange' })
export type ChangedFile = z.infer<typeof changedFile>

export const listRunChanges = endpoint({
  id: 'listRunChanges',
  method: 'GET',
  path: '/api/v1/runs/:id/changes',
  tag: 'runs',
  summary: 'Files that the run edited, in the order of their first edit',
  scope: 'read',
  params: idParams,
  output: z.object({ data: z.array(changedFile) }),
  errors: ['NOT_FOUND']
})

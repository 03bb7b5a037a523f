import { z } from 'zod'
import { endpoint, idParams, timestamp } from '../endpoint.ts'
import type { ErrorCode } from '../errors.ts'
import { chosenFile, conflictWishes, maxPutBack, putBackFile } from './put-back.ts'

/** How long what was overwritten is kept, in days. */
export const keptDays = 30

/** What files were before they were put back, so that they can be restored. */
export const keptFiles = z
  .object({
    id: z.uuid(),
    runId: z.uuid(),
    kind: z.enum(['undo', 'discard', 'restore']),
    checkpoint: z.int().nullable().describe('To which one was undone'),
    files: z.int().nullable().describe('null: its runner gave no answer, so it may not have been done'),
    at: timestamp,
    until: timestamp.describe('So long it can be restored'),
    restoredAt: timestamp.nullable()
  })
  .meta({ id: 'KeptFiles' })
export type KeptFiles = z.infer<typeof keptFiles>

const how = {
  dryRun: z.boolean().default(false).describe('Only tells what would be done'),
  conflicts: z
    .enum(conflictWishes)
    .default('refuse')
    .describe('Files that changed later: `refuse` does nothing, `skip` leaves them, `overwrite` puts them back too')
}

const done = z
  .object({
    done: z.boolean().describe('false: a dry run, or all is as it was'),
    kept: keptFiles.nullable(),
    files: z.array(putBackFile),
    total: z.int().describe('Files, also those beyond what one answer names'),
    working: z.array(z.object({ id: z.uuid(), number: z.int() })).describe('Runs that work in the same repository now')
  })
  .meta({ id: 'PutBack' })
export type PutBackAnswer = z.infer<typeof done>

const errors = [
  'NOT_FOUND',
  'RUN_NOT_ENDED',
  'NO_CHECKPOINTS',
  'CHECKPOINT_GONE',
  'CHANGED_LATER',
  'RUNNER_OFFLINE',
  'RUNNER_SILENT',
  'UNKNOWN_RUNNER'
] as const satisfies readonly ErrorCode[]

export const undoRun = endpoint({
  id: 'undoRun',
  method: 'POST',
  path: '/api/v1/runs/:id/undo',
  tag: 'runs',
  summary: `Put back the files that a run changed, as they were at one of its checkpoints. What that overwrites is kept for ${keptDays} days and can be restored.`,
  scope: 'write',
  params: idParams,
  body: z.object({
    checkpoint: z.int().min(0).default(0).describe('`n` of a checkpoint; 0: before the run'),
    files: z
      .array(chosenFile)
      .min(1)
      .max(maxPutBack)
      .nullable()
      .default(null)
      .describe('As the list of changes names them; null: all that the run changed since'),
    ...how
  }),
  output: done,
  errors
})

export const listKeptFiles = endpoint({
  id: 'listRunKeptFiles',
  method: 'GET',
  path: '/api/v1/runs/:id/kept',
  tag: 'runs',
  summary: 'What was kept when files of a run were put back, latest first',
  scope: 'read',
  params: idParams,
  output: z.object({ data: z.array(keptFiles) }),
  errors: ['NOT_FOUND']
})

export const restoreKeptFiles = endpoint({
  id: 'restoreRunKeptFiles',
  method: 'POST',
  path: '/api/v1/runs/:id/kept/:keptId/restore',
  tag: 'runs',
  summary: 'Restore what was kept: the files are again as they were before they were put back',
  scope: 'write',
  params: idParams.extend({ keptId: z.uuid() }),
  body: z.object(how),
  output: done,
  errors
})

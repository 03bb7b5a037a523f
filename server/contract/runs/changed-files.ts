import { z } from 'zod'
import { endpoint, idParams, queryInt, timestamp } from '../endpoint.ts'
import { changeStatuses, checkpointKinds, objectId, withoutCheckpoints } from './checkpoints.ts'
import { hunk } from './events.ts'

/**
 * A file that a run changed. Where there is a checkpoint: what it came to in the end, by whatever means. Else summed over the
 * edits that the agent told, without what it changed by a shell.
 */
export const changedFile = z
  .object({
    path: z.string(),
    status: z.enum(changeStatuses).describe('retyped: a link became a file, or the like'),
    oldPath: z.string().nullable().describe('Of a file that was renamed'),
    kind: z.enum(['file', 'link', 'submodule']),
    known: z
      .enum(['checkpoint', 'edits'])
      .describe('edits: in no checkpoint, since it is ignored, lies elsewhere, or is as it was; lines are summed up'),
    binary: z.boolean(),
    added: z.int().nullable().describe('Lines; null: they are not counted'),
    removed: z.int().nullable().describe('Lines; null: they are not counted'),
    bytes: z.int().nullable().describe('Now; null: it is gone, or that is not known'),
    kept: z.boolean().describe('false: its content is in no checkpoint, so it cannot be put back'),
    edits: z.int().describe('0: changed by other means than the tools of its agent'),
    editPath: z.string().nullable().describe('How its edits name it'),
    lastSeq: z.int().nullable().describe('Event of its latest edit')
  })
  .meta({ id: 'FileChange' })
export type ChangedFile = z.infer<typeof changedFile>

const checkpoint = z.object({
  n: z.int().describe('Counts up from 0 in each run'),
  kind: z.enum(checkpointKinds).describe('Before its agent started, between two turns, when its agent was gone'),
  at: timestamp,
  seq: z.int().describe('The last event before it'),
  commit: objectId,
  branch: z.string().nullable()
})

export const runChanges = z
  .object({
    data: z.array(changedFile),
    total: z.int().describe('Files, also those beyond what one answer names'),
    root: z.string().nullable().describe('Top of the repository; null: there are no checkpoints'),
    asOf: timestamp.nullable().describe('When the files were looked at; null: there are no checkpoints'),
    checkpoints: z.array(checkpoint).describe('The first ones and the last'),
    none: z
      .object({ why: z.enum(withoutCheckpoints), message: z.string() })
      .nullable()
      .describe('Why there are no checkpoints; null: there are, or nothing was told')
  })
  .meta({ id: 'RunChanges' })
export type RunChanges = z.infer<typeof runChanges>

const unanswered = ['NOT_FOUND', 'RUNNER_OFFLINE', 'RUNNER_SILENT', 'UNKNOWN_RUNNER'] as const

export const listRunChanges = endpoint({
  id: 'listRunChanges',
  method: 'GET',
  path: '/api/v1/runs/:id/changes',
  tag: 'runs',
  summary:
    'Files that a run changed since its start, by path. While it works they are looked at anew, when it did anything since; a runner that gives no answer leaves what was known, see `asOf`.',
  scope: 'read',
  params: idParams,
  output: runChanges,
  errors: ['NOT_FOUND']
})

/** What lies in files is for whoever may start a run there. */
export const listRunHunks = endpoint({
  id: 'listRunHunks',
  method: 'GET',
  path: '/api/v1/runs/:id/changes/hunks',
  tag: 'runs',
  summary: 'What became different in one file of a run since its start, as hunks with three lines around each',
  scope: 'write',
  params: idParams,
  query: z.object({
    path: z.string().min(1).max(8192).describe('As the list of changes names it'),
    offset: queryInt(0, 1_000_000).default(0).describe('Hunks that are passed over')
  }),
  output: z.object({
    hunks: z.array(hunk),
    total: z.int(),
    not: z.string().nullable().describe('Why it is not shown line by line')
  }),
  errors: [...unanswered, 'CHECKPOINT_GONE']
})

import { z } from 'zod'
import { changeSet, objectId } from '../runs/checkpoints.ts'
import { hunk } from '../runs/events.ts'
import { conflictWishes, hunksOfFile, maxPutBack, putBackFile } from '../runs/put-back.ts'

const folder = z.string().min(1).max(4096)

/** Against what the files are held: a checkpoint; and up to which, or up to now. */
const span = { folder, from: objectId, to: objectId.nullable().describe('null: as they are now') }

export const changesAsked = z.object(span)
export const changesTold = z.discriminatedUnion('type', [
  z.object({ type: z.literal('changes'), changes: changeSet }),
  z.object({ type: z.literal('gone'), message: z.string().max(1000) }).describe('The checkpoint is not there any more')
])

/** Hunks of one answer, and letters in them. A hunk that is longer stands alone. */
export const maxHunks = 200
export const maxHunkText = 300_000

export const hunksAsked = z.object({
  ...span,
  path: z.string().min(1).max(8192),
  oldPath: z.string().min(1).max(8192).nullable(),
  offset: z.int().min(0)
})
export const hunksTold = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hunks'),
    hunks: z.array(hunk).max(maxHunks),
    total: z.int(),
    not: z.string().max(1000).nullable().describe('Why it is not shown line by line')
  }),
  z.object({ type: z.literal('gone'), message: z.string().max(1000) })
])

export const putBackAsked = z.object({
  folder,
  id: z.uuid().describe('Of this deed: what it overwrites is kept under it'),
  state: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('checkpoint'),
      from: objectId.nullable().describe('How the files are left by what is undone; null: as they are now'),
      to: objectId
    }),
    z.object({ type: z.literal('kept'), id: z.uuid() }).describe('What an earlier deed kept')
  ]),
  chosen: z.array(hunksOfFile).max(maxPutBack).nullable().describe('null: all files that differ'),
  undone: z.array(hunksOfFile).max(maxPutBack).describe('What was put back before'),
  between: z
    .array(objectId)
    .max(50)
    .describe('Other checkpoints: a file that is as one of them has it was not changed later'),
  conflicts: z.enum(conflictWishes),
  dryRun: z.boolean()
})

export const putBackTold = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('files'),
    done: z.boolean(),
    files: z.array(putBackFile).max(maxPutBack),
    total: z.int()
  }),
  z.object({ type: z.literal('gone'), message: z.string().max(1000) })
])

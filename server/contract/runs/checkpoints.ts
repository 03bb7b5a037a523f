import { z } from 'zod'
import { timestamp } from '../endpoint.ts'

/** Files that one list names; what is beyond is counted. */
export const maxChangedFiles = 2000

/** Of git. */
export const objectId = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'a name of git in full')

export const changeStatuses = ['added', 'modified', 'removed', 'renamed', 'retyped'] as const

/** What became of a file between two checkpoints. */
export const netChange = z.object({
  path: z.string().max(8192).describe('Below the top of the repository, with `/` on every platform'),
  oldPath: z.string().max(8192).nullable().describe('Of a file that was renamed'),
  status: z.enum(changeStatuses).describe('retyped: a link became a file, or the like'),
  kind: z.enum(['file', 'link', 'submodule']),
  binary: z.boolean(),
  added: z.int().nullable().describe('Lines; null: they are not counted'),
  removed: z.int().nullable().describe('Lines; null: they are not counted'),
  bytes: z.int().nullable().describe('Now; null: it is gone, or none of its own'),
  kept: z.boolean().describe('false: it is too large, so that only this line is known of its content')
})
export type NetChange = z.infer<typeof netChange>

export const changeSet = z.object({
  files: z.array(netChange).max(maxChangedFiles),
  total: z.int().describe('Files, also those that are not named'),
  added: z.int(),
  removed: z.int()
})
export type ChangeSet = z.infer<typeof changeSet>

/** `start`: before its agent started. `turn`: between two turns. `end`: when its agent was gone. */
export const checkpointKinds = ['start', 'turn', 'end'] as const
export type CheckpointKind = (typeof checkpointKinds)[number]

/** Why a run has no checkpoints. */
export const withoutCheckpoints = ['no-repository', 'no-git', 'refused', 'failed'] as const

/** What a runner tells of the files that a run works on. */
export const checkpointFact = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('taken'),
    kind: z.enum(checkpointKinds),
    at: timestamp,
    root: z.string().max(4096).describe('Top of the repository'),
    commit: objectId,
    branch: z.string().max(1000).nullable().describe('null: on none'),
    changes: changeSet.describe('Since the start of the run')
  }),
  z.object({ type: z.literal('none'), why: z.enum(withoutCheckpoints), message: z.string().max(1000) })
])
export type CheckpointFact = z.infer<typeof checkpointFact>

import { z } from 'zod'
import { endpoint, timestamp } from './endpoint.ts'

const days = z.int().min(1).max(36_500)

/** How long things are kept; null: for ever. Usage and the audit log are always kept. */
export const retention = z
  .object({
    runDays: days
      .nullable()
      .describe(
        'Runs that ended longer ago are deleted, except the last one of the conversation of an agent; so is what flows remember of theirs'
      ),
    eventDays: days
      .nullable()
      .describe('Events of runs that ended longer ago are let go; prompt, result, cost and approvals stay'),
    eventBytes: z
      .int()
      .min(1_000_000)
      .max(Number.MAX_SAFE_INTEGER)
      .nullable()
      .describe('When all events together weigh more, those of the runs that ended first are let go'),
    messageDays: days.nullable(),
    workspaceDays: days
      .nullable()
      .describe(
        'Private folders on this computer that nothing worked in for longer are deleted: those of runs without an agent, and of agents that are archived'
      )
  })
  .meta({ id: 'Retention' })
export type Retention = z.infer<typeof retention>

const weight = z.object({ count: z.int(), bytes: z.int() })

export const backup = z
  .object({
    name: z.string(),
    path: z.string().describe('On the computer of the control plane'),
    bytes: z.int(),
    createdAt: timestamp,
    schema: z.int().nullable().describe('Of the database in it; null: it cannot be read')
  })
  .meta({ id: 'Backup' })
export type Backup = z.infer<typeof backup>

/** What everything weighs, in bytes on the disk. `free` is room in the database that is used again before it grows. */
export const dataReport = z
  .object({
    folder: z.string(),
    databaseBytes: z.int(),
    freeBytes: z.int(),
    runs: weight,
    events: weight.extend({ count: z.null() }).describe('They are not counted'),
    images: weight.describe('That came with prompts'),
    messages: weight,
    audit: weight,
    otherBytes: z.int(),
    workspaces: weight.extend({
      complete: z.boolean().describe('Whether all files were looked at; otherwise it is at least so much')
    }),
    backups: weight,
    retention,
    /** Things of a run that was let go and are still being deleted. */
    sweeping: z.boolean(),
    restore: z.string().nullable().describe('Name of the backup that is put back at the next start')
  })
  .meta({ id: 'DataReport' })
export type DataReport = z.infer<typeof dataReport>

export const getData = endpoint({
  id: 'getData',
  method: 'GET',
  path: '/api/v1/data',
  tag: 'data',
  summary: 'What the data folder holds, what it weighs, and how long it is kept',
  scope: 'admin',
  output: dataReport
})

export const getRetention = endpoint({
  id: 'getRetention',
  method: 'GET',
  path: '/api/v1/data/retention',
  tag: 'data',
  summary: 'How long things are kept',
  scope: 'admin',
  output: retention
})

export const changeRetention = endpoint({
  id: 'changeRetention',
  method: 'PATCH',
  path: '/api/v1/data/retention',
  tag: 'data',
  summary: 'Say how long things are kept; what is not named stays. It takes effect at once.',
  scope: 'admin',
  body: retention.partial(),
  output: retention
})

export const makeBackup = endpoint({
  id: 'makeBackup',
  method: 'POST',
  path: '/api/v1/backup',
  tag: 'data',
  summary:
    'Write a consistent copy of the database to the backups folder, while everything goes on. Secrets in it open only with ' +
    'the data key of this installation.',
  scope: 'admin',
  output: backup,
  status: 201,
  errors: ['LIMIT_REACHED', 'STORE_UNAVAILABLE']
})

export const listBackups = endpoint({
  id: 'listBackups',
  method: 'GET',
  path: '/api/v1/backups',
  tag: 'data',
  summary: 'Copies of the database in the backups folder, newest first',
  scope: 'admin',
  output: z.object({ data: z.array(backup) })
})

const nameParams = z.object({ name: z.string().min(1).max(255) })

export const getBackup = endpoint({
  id: 'getBackup',
  method: 'GET',
  path: '/api/v1/backups/:name',
  tag: 'data',
  summary: 'One copy',
  scope: 'admin',
  params: nameParams,
  output: backup,
  errors: ['NOT_FOUND']
})

export const deleteBackup = endpoint({
  id: 'deleteBackup',
  method: 'DELETE',
  path: '/api/v1/backups/:name',
  tag: 'data',
  summary: 'Delete a copy',
  scope: 'admin',
  params: nameParams,
  output: z.object({ success: z.literal(true) }),
  errors: ['NOT_FOUND']
})

export const restoreBackup = endpoint({
  id: 'restoreBackup',
  method: 'POST',
  path: '/api/v1/restore',
  tag: 'data',
  summary:
    'Put a copy back at the next start of the control plane. The database of today is then kept in the backups folder.',
  scope: 'admin',
  body: z.object({ name: z.string().min(1).max(255).describe('Of a copy in the backups folder') }),
  output: z.object({ name: z.string() }),
  status: 202,
  errors: ['NOT_FOUND', 'NOT_SUPPORTED']
})

export const cancelRestore = endpoint({
  id: 'cancelRestore',
  method: 'DELETE',
  path: '/api/v1/restore',
  tag: 'data',
  summary: 'Do not put a copy back at the next start',
  scope: 'admin',
  output: z.object({ success: z.literal(true) })
})

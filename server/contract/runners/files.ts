import { z } from 'zod'
import { endpoint, idParams } from '../endpoint.ts'

/** Paths that one answer names at most, the best first. */
export const maxFoundFiles = 50

const query = z.string().max(200).default('').describe('What is known of the path; empty: what lies at the top')

export const fileSearch = z.object({ folder: z.string().min(1).max(4096), query })
export type FileSearch = z.infer<typeof fileSearch>

export const foundFiles = z
  .object({
    paths: z
      .array(z.string().max(4096))
      .max(maxFoundFiles)
      .describe('Seen from the folder, with `/` on every platform; a folder ends with it'),
    more: z.boolean().describe('More of them fit than are named'),
    partial: z.boolean().describe('The folder holds more than was looked at')
  })
  .meta({ id: 'FoundFiles' })
export type FoundFiles = z.infer<typeof foundFiles>

/** Names only, and only where the runner lets agents work. Who may start a run there may see them. */
const search = {
  method: 'GET',
  scope: 'write',
  params: idParams,
  output: foundFiles
} as const

const errors = ['NOT_FOUND', 'RUNNER_OFFLINE', 'RUNNER_SILENT', 'UNKNOWN_RUNNER'] as const

export const listRunFiles = endpoint({
  ...search,
  id: 'listRunFiles',
  path: '/api/v1/runs/:id/files',
  tag: 'runs',
  summary: 'Files and folders in the folder of a run, as its runner finds them now; none before it has a folder',
  query: z.object({ query }),
  errors
})

export const listAgentFiles = endpoint({
  ...search,
  id: 'listAgentFiles',
  path: '/api/v1/agents/:id/files',
  tag: 'agents',
  summary: 'Files and folders in the folder in which the next run of an agent works; none before it has one',
  query: z.object({ query }),
  errors
})

export const listRunnerFiles = endpoint({
  ...search,
  id: 'listRunnerFiles',
  path: '/api/v1/runners/:id/files',
  tag: 'runners',
  summary: 'Files and folders in a folder on the machine of a runner, where agents may work',
  query: fileSearch,
  errors
})

import type { Run } from '#contract/runs'
import { folderName } from '../lib/format.ts'

/** What people call the folder of a run. A private one is named after the first run of its chain, which says nothing. */
export function runFolder({ cwd, rootRunId }: Pick<Run, 'cwd' | 'rootRunId'>): string {
  if (cwd === null) return 'private'
  const name = folderName(cwd)
  return name === rootRunId ? 'private' : name
}

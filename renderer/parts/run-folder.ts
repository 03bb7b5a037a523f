import type { Run } from '#contract/runs/runs'
import { folderName } from '../lib/format.ts'

/** A path as it is seen from the folder of the run. */
export function pathInRun(path: string, { cwd }: Pick<Run, 'cwd'>): string {
  if (cwd === null || !path.startsWith(cwd)) return path
  const rest = path.slice(cwd.length)
  return /^[\\/]./.test(rest) ? rest.slice(1) : path
}

/** What people call the folder of a run. A private one is named after its agent or the first run of its chain, which says nothing. */
export function runFolder({ cwd, agentId, rootRunId }: Pick<Run, 'cwd' | 'agentId' | 'rootRunId'>): string {
  if (cwd === null) return 'private'
  const name = folderName(cwd)
  return name === rootRunId || name === agentId ? 'private' : name
}

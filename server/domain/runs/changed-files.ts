import type { ChangedFile } from '#contract/runs/changed-files'
import { toolResultData } from '#contract/runs/events'
import { toChangedFile } from '../../store/runs/changed-files.ts'
import type { Domain, Reading } from '../domain.ts'
import { requireRun } from './runs.ts'

const diffed = toolResultData.pick({ diff: true, isError: true })

/** Sums up what an event says it changed in a file. */
export function noteEdit(domain: Pick<Domain, 'store'>, run: number, seq: number, data: Record<string, unknown>): void {
  if (data.diff === undefined || data.diff === null) return
  const result = diffed.safeParse(data).data
  if (!result?.diff || result.isError) return
  const { path, created, hunks } = result.diff
  const lines = hunks.flatMap(hunk => hunk.lines)
  const count = (mark: string) => lines.filter(line => line.startsWith(mark)).length
  domain.store.changedFiles.add({ run, path, created: created ? 1 : 0, added: count('+'), removed: count('-'), seq })
}

export function listChangedFiles(domain: Reading, id: string): ChangedFile[] {
  return domain.store.changedFiles.ofRun(requireRun(domain, id).number).map(toChangedFile)
}

import { useQuery } from '@tanstack/react-query'
import { Columns2, Rows2 } from 'lucide-react'
import { useState } from 'react'
import { eventPageLimit, type Hunk, listRunEvents, toolResultData } from '#contract/runs/events'
import { isEnded, type Run } from '#contract/runs/runs'
import { call, wordsOf } from '../../../lib/call.ts'
import { count } from '../../../lib/format.ts'
import { keys } from '../../../lib/query-keys.ts'
import { visible } from '../../../lib/visible.ts'
import { Button } from '../../../ui/button.tsx'
import { FullScreen } from '../../../ui/full-screen.tsx'
import { Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { DiffView, LineCounts } from '../../diff/diff-view.tsx'
import { SplitDiff } from '../../diff/split-diff.tsx'
import { pathInRun } from '../../run-folder.ts'
import { endOfRun, useRunChanges } from '../../runs.ts'
import styles from './changes-viewer.module.css'

interface Props {
  run: Run
  edits: number
  /** Path of the file that is shown first. */
  first: string
  onClose: () => void
}

/** All files that a run edited, and every edit of the one that is chosen. */
export function ChangesViewer({ run, edits, first, onClose }: Props) {
  const [path, setPath] = useState(first)
  const [split, setSplit] = useState(false)
  const files = useRunChanges(run.id, isEnded(run.status) ? endOfRun : edits).data?.data ?? []
  const chosen = files.find(file => file.path === path)
  const diffs = useQuery({
    queryKey: [...keys.changes(run.id), 'edits', path, chosen?.lastSeq ?? 0],
    queryFn: ({ signal }) => editsOf(run.id, path, chosen?.lastSeq ?? 0, chosen?.edits ?? 0, signal),
    enabled: chosen !== undefined
  })
  const View = split ? SplitDiff : DiffView
  return (
    <FullScreen
      title={`Changed files of run #${run.number}`}
      onClose={onClose}
      tools={
        <Button small icon={split ? Rows2 : Columns2} aria-pressed={split} onClick={() => setSplit(!split)}>
          Side by side
        </Button>
      }
    >
      <div className={styles.columns}>
        <nav className={styles.files} aria-label="Changed files">
          {files.map(file => (
            <button
              key={file.path}
              type="button"
              className={styles.file}
              aria-current={file.path === path ? 'true' : undefined}
              title={file.path}
              onClick={() => setPath(file.path)}
            >
              <b>{file.created ? 'A' : 'M'}</b>
              <span className={styles.path}>
                <bdi>{visible(pathInRun(file.path, run))}</bdi>
              </span>
              <LineCounts added={file.added} removed={file.removed} />
            </button>
          ))}
        </nav>
        <div className={styles.edits}>
          {diffs.error && <Problem title="The edits could not be read">{wordsOf(diffs.error)}</Problem>}
          {diffs.isPending && <SkeletonRows height={24} />}
          {diffs.data?.map(({ seq, hunks }, i) => (
            <section key={seq} className={styles.edit}>
              <h3>
                {visible(pathInRun(path, run))}
                {diffs.data.length > 1 && <span>{`edit ${i + 1} of ${diffs.data.length}`}</span>}
              </h3>
              <View hunks={hunks} label={path} />
            </section>
          ))}
          {chosen && diffs.data && diffs.data.length < chosen.edits && (
            <p className={styles.note}>{count(chosen.edits - diffs.data.length, 'edit')} could not be found.</p>
          )}
        </div>
      </div>
    </FullScreen>
  )
}

interface Edit {
  seq: number
  hunks: readonly Hunk[]
}

/** Pages back from the latest edit until all were seen. */
async function editsOf(
  runId: string,
  path: string,
  lastSeq: number,
  edits: number,
  signal: AbortSignal
): Promise<Edit[]> {
  const found: Edit[] = []
  for (let before = lastSeq; before > 0 && found.length < edits; before -= eventPageLimit) {
    const after = Math.max(0, before - eventPageLimit)
    const page = await call(listRunEvents, { params: { id: runId }, query: { after, limit: before - after }, signal })
    const here = page.data.flatMap(({ kind, seq, data }) => {
      const result = kind === 'tool_result' ? toolResultData.safeParse(data).data : undefined
      return result?.diff?.path === path ? [{ seq, hunks: result.diff.hunks }] : []
    })
    found.unshift(...here)
  }
  return found
}

import { useQuery } from '@tanstack/react-query'
import { Columns2, ListOrdered, Rows2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { eventPageLimit, type Hunk, listRunEvents, toolResultData } from '#contract/runs/events'
import type { Run } from '#contract/runs/runs'
import { call, wordsOf } from '../../../lib/call.ts'
import { count } from '../../../lib/format.ts'
import { keys } from '../../../lib/query-keys.ts'
import { visible } from '../../../lib/visible.ts'
import { Button } from '../../../ui/button.tsx'
import { FullScreen } from '../../../ui/full-screen.tsx'
import { Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { ChangedFiles, useChangedFiles } from '../../changed-files.tsx'
import { DiffView, LineCounts } from '../../diff/diff-view.tsx'
import { lineCounts } from '../../diff/line-counts.ts'
import { netHunks } from '../../diff/net-diff.ts'
import { SplitDiff } from '../../diff/split-diff.tsx'
import { pathInRun } from '../../run-folder.ts'
import styles from './changes-viewer.module.css'

interface Props {
  run: Run
  edits: number
  /** Path of the file that is shown first. */
  first: string
  onClose: () => void
}

/** All files that a run edited, and every edit of the one that is chosen. */
export function ChangesViewer({ run, edits: seen, first, onClose }: Props) {
  const [path, setPath] = useState(first)
  const [split, setSplit] = useState(false)
  const files = useChangedFiles(run, seen)
  const chosen = files.find(file => file.path === path)
  const diffs = useQuery({
    queryKey: [...keys.changes(run.id), 'edits', path, chosen?.lastSeq ?? 0],
    queryFn: ({ signal }) => editsOf(run.id, path, chosen?.lastSeq ?? 0, chosen?.edits ?? 0, signal),
    enabled: chosen !== undefined
  })
  const [steps, setSteps] = useState(false)
  const edits = diffs.data
  const whole = chosen !== undefined && edits?.length === chosen.edits
  const net = useMemo(() => (whole && edits ? netHunks(edits.map(edit => edit.hunks)) : null), [whole, edits])
  const name = visible(pathInRun(path, run))
  return (
    <FullScreen
      title={`Changed files of run #${run.number}`}
      onClose={onClose}
      tools={
        <>
          {net !== null && edits && edits.length > 1 && (
            <Button small icon={ListOrdered} aria-pressed={steps} onClick={() => setSteps(!steps)}>
              Each edit
            </Button>
          )}
          <Button small icon={split ? Rows2 : Columns2} aria-pressed={split} onClick={() => setSplit(!split)}>
            Side by side
          </Button>
        </>
      }
    >
      <div className={styles.columns}>
        <nav className={styles.files} aria-label="Changed files">
          <ChangedFiles run={run} edits={seen} current={path} onOpen={setPath} />
        </nav>
        <div className={styles.edits}>
          {diffs.error && <Problem title="The edits could not be read">{wordsOf(diffs.error)}</Problem>}
          {diffs.isPending && <SkeletonRows height={24} />}
          {edits && net !== null && !steps && (
            <Net name={name} label={path} hunks={net} split={split} edits={edits.length} />
          )}
          {edits && net === null && edits.length > 1 && (
            <p className={styles.note}>
              {whole
                ? 'Something else changed this file between the edits, so they are shown one by one.'
                : `${count((chosen?.edits ?? 0) - edits.length, 'edit')} could not be found; the others are shown one by one.`}
            </p>
          )}
          {(net === null || steps) && edits && <Steps name={name} label={path} edits={edits} split={split} />}
        </div>
      </div>
    </FullScreen>
  )
}

interface Shown {
  name: string
  label: string
  split: boolean
}

/** What the run made of the file in the end. */
function Net({ name, label, hunks, split, edits }: Shown & { hunks: readonly Hunk[]; edits: number }) {
  const View = split ? SplitDiff : DiffView
  return (
    <section className={styles.edit}>
      <h3>
        {name}
        <span>
          {edits > 1 && `${edits} edits in all `}
          <LineCounts {...lineCounts(hunks)} />
        </span>
      </h3>
      {hunks.length === 0 ? (
        <p className={styles.asItWas}>The edits undid each other: the file is as it was.</p>
      ) : (
        <View hunks={hunks} label={label} />
      )}
    </section>
  )
}

function Steps({ name, label, edits, split }: Shown & { edits: readonly Edit[] }) {
  const View = split ? SplitDiff : DiffView
  return edits.map(({ seq, hunks }, i) => (
    <section key={seq} className={styles.edit}>
      <h3>
        {name}
        {edits.length > 1 && <span>{`edit ${i + 1} of ${edits.length}`}</span>}
      </h3>
      <View hunks={hunks} label={edits.length > 1 ? `${label}, edit ${i + 1}` : label} />
    </section>
  ))
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

import { useQuery } from '@tanstack/react-query'
import { Columns2, ListOrdered, Rows2, Undo2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { type ChangedFile, listRunHunks } from '#contract/runs/changed-files'
import { eventPageLimit, type Hunk, listRunEvents, toolResultData } from '#contract/runs/events'
import { isEnded, type Run } from '#contract/runs/runs'
import { call, wordsOf } from '../../../lib/call.ts'
import { count } from '../../../lib/format.ts'
import { keys } from '../../../lib/query-keys.ts'
import { visible } from '../../../lib/visible.ts'
import { Button } from '../../../ui/button.tsx'
import { FullScreen } from '../../../ui/full-screen.tsx'
import { Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { ChangedFiles, useChanges } from '../../changed-files.tsx'
import { DiffView, LineCounts } from '../../diff/diff-view.tsx'
import { lineCounts } from '../../diff/line-counts.ts'
import { netHunks } from '../../diff/net-diff.ts'
import { SplitDiff } from '../../diff/split-diff.tsx'
import { pathInRun } from '../../run-folder.ts'
import { UndoDialog } from '../../undo/undo-dialog.tsx'
import { useMay } from '../../who.ts'
import styles from './changes-viewer.module.css'

interface Props {
  run: Run
  /** How many results of tools the page saw. */
  results: number
  /** Path of the file that is shown first. */
  first: string
  onClose: () => void
}

/** All files that a run changed: what the one that is chosen came to, and every edit of it. */
export function ChangesViewer({ run, results, first, onClose }: Props) {
  const [path, setPath] = useState(first)
  const [split, setSplit] = useState(false)
  const changes = useChanges(run, results)
  const [undoing, setUndoing] = useState(false)
  const may = useMay('write')
  const chosen = changes?.data.find(file => file.path === path || file.editPath === path)
  const shown = useShown(run.id, chosen)
  const [steps, setSteps] = useState(false)
  const { edits, net, whole } = shown
  const name = visible(pathInRun(path, run))
  return (
    <FullScreen
      title={`Changed files of run #${run.number}`}
      onClose={onClose}
      tools={
        <>
          {net !== null && (chosen?.edits ?? 0) > 1 && (
            <Button small icon={ListOrdered} aria-pressed={steps} onClick={() => setSteps(!steps)}>
              Each edit
            </Button>
          )}
          {may && isEnded(run.status) && changes && changes.checkpoints.length > 0 && (
            <Button small icon={Undo2} onClick={() => setUndoing(true)}>
              Undo…
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
          <ChangedFiles run={run} results={results} current={chosen?.path ?? path} onOpen={setPath} />
        </nav>
        <div className={styles.edits}>
          {shown.error && <Problem title="The changes could not be read">{wordsOf(shown.error)}</Problem>}
          {shown.pending && <SkeletonRows height={24} />}
          {net !== null && !steps && (
            <Net name={name} label={path} net={net} split={split} edits={chosen?.edits ?? 0} />
          )}
          {edits && net === null && !shown.kept && edits.length > 1 && (
            <p className={styles.note}>
              {whole
                ? 'Something else changed this file between the edits, so they are shown one by one.'
                : `${count((chosen?.edits ?? 0) - edits.length, 'edit')} could not be found; the others are shown one by one.`}
            </p>
          )}
          {(steps || (net === null && !shown.pending)) && edits && (
            <Steps name={name} label={path} edits={edits} split={split} />
          )}
        </div>
      </div>
      {undoing && changes && (
        <UndoDialog run={run} checkpoints={changes.checkpoints} onClose={() => setUndoing(false)} />
      )}
    </FullScreen>
  )
}

/** What there is to show of one file: what it came to, and its edits where that is not known or they are asked for. */
function useShown(runId: string, chosen: ChangedFile | undefined) {
  // Whoever may only look sees what its agent told.
  const may = useMay('write')
  const kept = may && chosen?.known === 'checkpoint'
  const path = chosen?.path ?? ''
  const version = `${chosen?.added} ${chosen?.removed} ${chosen?.bytes} ${chosen?.lastSeq}`
  const hunks = useQuery({
    queryKey: [...keys.changes(runId), 'hunks', path, version],
    queryFn: ({ signal }) => call(listRunHunks, { params: { id: runId }, query: { path }, signal }),
    enabled: kept
  })
  const { editPath = null, lastSeq = null, edits: told = 0 } = chosen ?? {}
  const diffs = useQuery({
    queryKey: [...keys.changes(runId), 'edits', path, lastSeq ?? 0],
    queryFn: ({ signal }) => editsOf(runId, editPath ?? path, lastSeq ?? 0, told, signal),
    enabled: chosen !== undefined && (!kept || told > 1 || (hunks.isError && told > 0))
  })
  const edits = diffs.data
  const whole = edits?.length === told
  const summed = useMemo(
    () => (!kept && whole && edits ? netHunks(edits.map(edit => edit.hunks)) : null),
    [kept, whole, edits]
  )
  const { data } = hunks
  const known = data && { hunks: data.hunks, more: data.total - data.hunks.length, not: data.not }
  const net: NetDiff | null = kept ? (known ?? null) : summed && { hunks: summed, more: 0, not: null }
  return {
    kept,
    edits,
    whole,
    net,
    error: kept ? hunks.error : diffs.error,
    pending: chosen !== undefined && (kept ? hunks.isPending : diffs.isPending)
  }
}

interface NetDiff {
  hunks: readonly Hunk[]
  /** Hunks that are not shown. */
  more: number
  /** Why it is not shown line by line. */
  not: string | null
}

interface Shown {
  name: string
  label: string
  split: boolean
}

/** What the run made of the file in the end. */
function Net({ name, label, net, split, edits }: Shown & { net: NetDiff; edits: number }) {
  const View = split ? SplitDiff : DiffView
  return (
    <section className={styles.edit}>
      <h3>
        {name}
        <span>
          {edits > 1 && `${edits} edits in all `}
          {net.not === null && <LineCounts {...lineCounts(net.hunks)} />}
        </span>
      </h3>
      {net.hunks.length > 0 && <View hunks={net.hunks} label={label} />}
      {net.hunks.length === 0 && (
        <p className={styles.asItWas}>{net.not ?? 'The edits undid each other: the file is as it was.'}</p>
      )}
      {net.more > 0 && <p className={styles.asItWas}>{count(net.more, 'more hunk')}, beyond what is shown here</p>}
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

import { useEffect, useRef, useState } from 'react'
import type { ChangedFile } from '#contract/runs/changed-files'
import type { Hunk } from '#contract/runs/events'
import type { Review } from '#contract/runs/review'
import type { Run } from '#contract/runs/runs'
import { wordsOf } from '../../../lib/call.ts'
import { count } from '../../../lib/format.ts'
import { visible } from '../../../lib/visible.ts'
import { LineCounts } from '../../../parts/diff/diff-view.tsx'
import { pathInRun } from '../../../parts/run-folder.ts'
import { Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { CommentBox, CommentCard } from './comments.tsx'
import type { Cursor } from './cursor.ts'
import styles from './file-section.module.css'
import { HunkView, type Spot, Verdicts } from './hunk-view.tsx'
import { type ReviewActions, useHunks } from './queries.ts'
import { type Verdict, verdictOf, verdictOfFile } from './verdicts.ts'

interface Props {
  run: Run
  file: ChangedFile
  review: Review
  actions: ReviewActions
  split: boolean
  cursor: Cursor | null
  /** Where something is being said. */
  writing: Writing | null
  onWriting: (writing: Writing | null) => void
  onHunks: (path: string, hunks: readonly Hunk[]) => void
  /** Nothing can be done with it: it still works, or its end was not seen. */
  readOnly: boolean
}

export interface Writing extends Spot {
  path: string
}

/** One file with its hunks. Looked at it folds; it is read once it is near. */
export function FileSection(props: Props) {
  const { run, file, review, actions, cursor, onHunks, readOnly } = props
  const section = useRef<HTMLElement>(null)
  const near = useNear(section)
  const viewed = review.viewed.includes(file.path)
  const here = cursor?.path === file.path
  const [unfolded, setUnfolded] = useState(false)
  const open = !viewed || unfolded || here
  const hunks = useHunks(run.id, file, near && open)
  const { data } = hunks
  useEffect(() => {
    if (data) onHunks(file.path, data.hunks)
  }, [data, file.path, onHunks])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them moves what is to be seen
  useEffect(() => {
    if (!here) return
    const at = section.current?.querySelector('[aria-current="true"]') ?? section.current
    at?.scrollIntoView({ block: 'nearest' })
  }, [here, cursor?.hunk, cursor?.line, data])
  const judge = (numbers: number[] | null, verdict: Verdict) =>
    actions.judge.mutate({ files: [{ path: file.path, hunks: numbers }], verdict })
  const name = visible(pathInRun(file.path, run))
  return (
    <section ref={section} className={styles.file} aria-label={name} data-current={here || undefined}>
      <header className={styles.head}>
        <h2>
          {file.oldPath !== null && <span>{visible(pathInRun(file.oldPath, run))} → </span>}
          {name}
        </h2>
        {file.added !== null && file.removed !== null && <LineCounts added={file.added} removed={file.removed} />}
        {!readOnly && file.known === 'checkpoint' && file.kept && (
          <Verdicts
            what="file"
            verdict={verdictOfFile(review, file.path, data?.total)}
            onJudge={verdict => judge(null, verdict)}
          />
        )}
        <label className={styles.viewed}>
          <input
            type="checkbox"
            checked={viewed}
            onChange={event => {
              setUnfolded(false)
              actions.view.mutate({ path: file.path, viewed: event.target.checked })
            }}
          />
          Viewed
        </label>
      </header>
      {!open && (
        <button type="button" className={styles.folded} onClick={() => setUnfolded(true)}>
          Viewed. Show it again
        </button>
      )}
      {open && <Body {...props} hunks={data?.hunks ?? null} judge={judge} />}
      {open && hunks.error && <Problem title="It could not be read">{wordsOf(hunks.error)}</Problem>}
      {open && hunks.isPending && file.known === 'checkpoint' && <SkeletonRows height={20} />}
      {open && data && data.hunks.length === 0 && <p className={styles.not}>{data.not ?? 'No line of it changed.'}</p>}
      {open && data && data.total > data.hunks.length && (
        <p className={styles.not}>{count(data.total - data.hunks.length, 'more hunk')}, beyond what is shown here</p>
      )}
      {open && file.known === 'edits' && (
        <p className={styles.not}>
          In no checkpoint: it is ignored, lies elsewhere, or is as it was. Its edits stand in the run.
        </p>
      )}
    </section>
  )
}

interface BodyProps extends Props {
  hunks: readonly Hunk[] | null
  judge: (hunks: number[] | null, verdict: Verdict) => void
}

function Body({ run, file, review, actions, split, cursor, writing, onWriting, readOnly, hunks, judge }: BodyProps) {
  const comments = review.comments.filter(({ path }) => path === file.path)
  const open = writing?.path === file.path ? writing : null
  const say = (spot: Spot) => ({ path: file.path, ...spot })
  const box = (spot: Spot) =>
    open?.side === spot.side && open.line === spot.line ? (
      <CommentBox
        key="box"
        title={`Comment on line ${spot.line}`}
        action="Add to review"
        onAdd={async text => {
          await actions.comment.mutateAsync({ ...say(spot), text })
          onWriting(null)
        }}
        onSend={
          run.sessionId === null
            ? undefined
            : async text => {
                const { id } = await actions.comment.mutateAsync({ ...say(spot), text })
                onWriting(null)
                await actions.send.mutateAsync([id])
              }
        }
        onClose={() => onWriting(null)}
      />
    ) : null
  return hunks?.map((hunk, n) => (
    <HunkView
      key={`${hunk.oldStart}:${hunk.newStart}`}
      hunk={hunk}
      split={split}
      verdict={verdictOf(review, file.path, n)}
      apart={!readOnly && file.status === 'modified' && file.kind === 'file'}
      current={cursor?.path === file.path && cursor.hunk === n}
      line={cursor?.line ?? null}
      comments={comments}
      below={box}
      card={comment => <CommentCard key={comment.id} comment={comment} actions={actions} />}
      onSpot={spot => onWriting(say(spot))}
      onJudge={verdict => judge([n], verdict)}
    />
  ))
}

/** Whether it is on the screen, or nearly; once it was it stays so. */
function useNear(ref: { current: HTMLElement | null }): boolean {
  const [near, setNear] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element || near) return
    const watch = new IntersectionObserver(entries => entries.some(entry => entry.isIntersecting) && setNear(true), {
      rootMargin: '600px'
    })
    watch.observe(element)
    return () => watch.disconnect()
  }, [ref, near])
  return near
}

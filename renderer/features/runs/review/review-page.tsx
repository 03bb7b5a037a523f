import { Check, Columns2, Rows2, Send, Undo2, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { RunChanges } from '#contract/runs/changed-files'
import type { Review } from '#contract/runs/review'
import { isEnded, type Run } from '#contract/runs/runs'
import { keptDays } from '#contract/runs/undo'
import { wordsOf } from '../../../lib/call.ts'
import { count, titleOf } from '../../../lib/format.ts'
import { useNarrow } from '../../../lib/narrow.ts'
import { useChanges } from '../../../parts/changed-files.tsx'
import { LineCounts } from '../../../parts/diff/diff-view.tsx'
import { pathInRun } from '../../../parts/run-folder.ts'
import { RunPill } from '../../../parts/run-status.tsx'
import { endOfRun, useRun } from '../../../parts/runs.ts'
import { UndoDialog } from '../../../parts/undo/undo-dialog.tsx'
import { useMay } from '../../../parts/who.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Shortcut } from '../../../ui/key.tsx'
import { Problem, SkeletonRows } from '../../../ui/notice.tsx'
import { Gap } from '../../../ui/page.tsx'
import { FileList } from './file-list.tsx'
import { FileSection, type Writing } from './file-section.tsx'
import { useReview, useReviewActions } from './queries.ts'
import styles from './review-page.module.css'
import { useReviewKeys } from './use-review-keys.ts'

/** Everything that a run changed, file by file: to be looked at, kept, discarded, and answered. */
export function ReviewPage({ id = '' }: { id?: string }) {
  const run = useRun(id)
  const may = useMay('write')
  if (!may)
    return <Problem title="Your role may look at runs, not review them">Ask an admin for the role of a member.</Problem>
  if (run.error) return <Problem title="This run cannot be reviewed">{wordsOf(run.error)}</Problem>
  if (!run.data) return <SkeletonRows height={36} />
  return <Loaded run={run.data} />
}

function Loaded({ run }: { run: Run }) {
  const changes = useChanges(run, endOfRun)
  const review = useReview(run.id)
  const [, navigate] = useLocation()
  const close = () => navigate(`/runs/${run.id}`)
  if (review.error) return <Problem title="The review could not be read">{wordsOf(review.error)}</Problem>
  if (!changes || !review.data) return <SkeletonRows height={36} />
  if (changes.data.length === 0) return <Nothing run={run} onClose={close} />
  return <Reviewing run={run} changes={changes} review={review.data} onClose={close} />
}

function Nothing({ run, onClose }: { run: Run; onClose: () => void }) {
  return (
    <>
      <TopBar run={run} onClose={onClose} />
      <p className={styles.nothing}>
        <b>Nothing changed.</b> Run #{run.number} left all files as they were.
      </p>
    </>
  )
}

interface Props {
  run: Run
  changes: RunChanges
  review: Review
  onClose: () => void
}

function Reviewing({ run, changes, review, onClose }: Props) {
  const narrow = useNarrow()
  const [wantsSplit, setSplit] = useState(false)
  const split = wantsSplit && !narrow
  const [filter, setFilter] = useState('')
  const [writing, setWriting] = useState<Writing | null>(null)
  const [undoing, setUndoing] = useState(false)
  const actions = useReviewActions(run.id)
  const files = useMemo(
    () => changes.data.filter(({ path }) => pathInRun(path, run).toLowerCase().includes(filter.toLowerCase())),
    [changes.data, filter, run]
  )
  const readOnly = !isEnded(run.status) || changes.checkpoints.at(-1)?.kind !== 'end'
  const keys = useReviewKeys({ run, files, all: changes.data, review, actions, readOnly, writing, setWriting, onClose })
  const { cursor, onHunks } = keys
  // Where there is one column, the list comes first, then one file.
  const shown = narrow ? files.filter(({ path }) => path === cursor?.path) : files
  return (
    <>
      <TopBar run={run} onClose={narrow && cursor ? () => keys.setAt(null) : onClose}>
        {!narrow && (
          <Button small icon={split ? Rows2 : Columns2} aria-pressed={split} onClick={() => setSplit(!split)}>
            {split ? 'Unified' : 'Split'}
          </Button>
        )}
      </TopBar>
      <Facts changes={changes} review={review} />
      <div className={styles.columns}>
        {(!narrow || cursor === null) && (
          <FileList
            run={run}
            files={files}
            review={review}
            filter={filter}
            onFilter={setFilter}
            current={cursor?.path ?? null}
            onChoose={path => keys.setAt({ path, hunk: 0, line: null })}
            onViewed={(path, viewed) => actions.view.mutate({ path, viewed })}
          />
        )}
        {(!narrow || cursor !== null) && (
          <div className={styles.diffs}>
            {shown.map(file => (
              <FileSection
                key={file.path}
                run={run}
                file={file}
                review={review}
                actions={actions}
                split={split}
                cursor={cursor}
                writing={writing}
                onWriting={setWriting}
                onHunks={onHunks}
                readOnly={readOnly}
              />
            ))}
          </div>
        )}
      </div>
      <BottomBar
        run={run}
        review={review}
        readOnly={readOnly}
        onKeepAll={keys.keepAll}
        onDiscard={() => setUndoing(true)}
        onSend={() => actions.send.mutate(null)}
      />
      {undoing && <UndoDialog run={run} checkpoints={changes.checkpoints} onClose={() => setUndoing(false)} />}
    </>
  )
}

function TopBar({ run, onClose, children }: { run: Run; onClose: () => void; children?: React.ReactNode }) {
  return (
    <header className={styles.bar}>
      <IconButton icon={X} label="Close" hotkey="Escape" onClick={onClose} />
      <nav className={styles.crumbs} aria-label="Where this is">
        <Link href="/runs">Runs</Link>
        <span aria-hidden>›</span>
        <Link href={`/runs/${run.id}`} className="truncate">
          {titleOf(run)}
        </Link>
        <span aria-hidden>›</span>
      </nav>
      <h1>Review</h1>
      <RunPill run={run} />
      <Gap />
      {children}
    </header>
  )
}

function Facts({ changes, review }: { changes: RunChanges; review: Review }) {
  const sum = (part: 'added' | 'removed') => changes.data.reduce((total, file) => total + (file[part] ?? 0), 0)
  const branch = changes.checkpoints.at(-1)?.branch ?? null
  return (
    <p className={styles.facts}>
      {branch !== null && <code>{branch}</code>}
      <b>{count(changes.total, 'file')}</b>
      <LineCounts added={sum('added')} removed={sum('removed')} />
      {changes.none && <span>No checkpoint: {changes.none.message}</span>}
      <Gap />
      <span role="status">
        {review.viewed.length} of {changes.data.length} viewed
      </span>
    </p>
  )
}

interface BottomProps {
  run: Run
  review: Review
  readOnly: boolean
  onKeepAll: () => void
  onDiscard: () => void
  onSend: () => void
}

function BottomBar({ run, review, readOnly, onKeepAll, onDiscard, onSend }: BottomProps) {
  const unsent = review.comments.filter(({ sentTo }) => sentTo === null).length
  return (
    <footer className={styles.foot} data-bottom-bar="">
      <span className={styles.keys} aria-hidden>
        <Shortcut keys="j" /> <Shortcut keys="k" /> hunk <Shortcut keys="v" /> viewed <Shortcut keys="c" /> comment{' '}
        <Shortcut keys="y" /> <Shortcut keys="n" /> keep, discard
      </span>
      <Gap />
      <span className={styles.note}>
        {unsent > 0 && `${count(unsent, 'comment')} not sent · `}
        {readOnly
          ? 'To keep or discard, the run must have ended with a checkpoint'
          : `Discarded changes are kept ${keptDays} days`}
      </span>
      {!readOnly && (
        <Button look="danger" icon={Undo2} onClick={onDiscard}>
          Discard…
        </Button>
      )}
      {unsent > 0 && run.sessionId !== null && (
        <Button icon={Send} onClick={onSend} disabled={!isEnded(run.status)}>
          Send {count(unsent, 'comment')}
        </Button>
      )}
      {!readOnly && (
        <Button look="primary" icon={Check} hotkey="shift+y" onClick={onKeepAll}>
          Keep all
        </Button>
      )}
    </footer>
  )
}

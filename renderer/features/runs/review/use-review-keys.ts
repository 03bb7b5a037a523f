import type { ChangedFile } from '#contract/runs/changed-files'
import type { Review } from '#contract/runs/review'
import type { Run } from '#contract/runs/runs'
import { announce } from '../../../lib/announce.ts'
import { count } from '../../../lib/format.ts'
import { useHotkeys } from '../../../lib/hotkeys.ts'
import { diffLines } from '../../../parts/diff/diff-lines.ts'
import { firstChanged, useCursor } from './cursor.ts'
import type { Writing } from './file-section.tsx'
import { spotOf } from './hunk-view.tsx'
import type { ReviewActions } from './queries.ts'
import type { Verdict } from './verdicts.ts'

interface Options {
  run: Run
  /** Those that are shown. */
  files: readonly ChangedFile[]
  all: readonly ChangedFile[]
  review: Review
  actions: ReviewActions
  readOnly: boolean
  writing: Writing | null
  setWriting: (writing: Writing | null) => void
  onClose: () => void
}

/** The whole review by keyboard: from hunk to hunk and line to line, and what is done there. */
export function useReviewKeys({ files, all, review, actions, readOnly, setWriting, onClose }: Options) {
  const paths = files.map(({ path }) => path)
  const cursor = useCursor(paths)
  const at = cursor.cursor
  const file = files.find(({ path }) => path === at?.path)

  function judge(verdict: Verdict): void {
    if (readOnly || at === null || file?.known !== 'checkpoint' || !file.kept) return
    // What has no hunks, and what came or went as a whole, is judged as a whole.
    const apart = file.status === 'modified' && file.kind === 'file' && cursor.hunksOf(file.path).length > 0
    actions.judge.mutate({ files: [{ path: file.path, hunks: apart ? [at.hunk] : null }], verdict })
    announce(`${verdict === 'kept' ? 'Kept' : 'Discarded'} ${apart ? 'hunk' : 'file'}`)
    cursor.move(1)
  }

  function comment(): void {
    const hunk = at === null ? undefined : cursor.hunksOf(at.path)[at.hunk]
    if (!at || !hunk) return
    const line = diffLines(hunk)[at.line ?? firstChanged(hunk.lines)]
    if (line) setWriting({ path: at.path, ...spotOf(line) })
  }

  function view(): void {
    if (!at) return
    const viewed = !review.viewed.includes(at.path)
    actions.view.mutate({ path: at.path, viewed })
    const next = paths[paths.indexOf(at.path) + 1]
    if (viewed && next !== undefined) cursor.setAt({ path: next, hunk: 0, line: null })
  }

  function keepAll(): void {
    const kept = all.filter(({ known, kept }) => known === 'checkpoint' && kept).map(({ path }) => path)
    const open = kept.filter(path => !review.marks.some(mark => mark.path === path && mark.verdict === 'discarded'))
    if (readOnly || open.length === 0) return
    actions.judge.mutate({ files: open.map(path => ({ path, hunks: null })), verdict: 'kept' })
    announce(`Kept ${count(open.length, 'file')}`)
  }

  useHotkeys([
    { keys: 'j', label: 'Next hunk', repeats: true, run: () => cursor.move(1) },
    { keys: 'k', label: 'Hunk before', repeats: true, run: () => cursor.move(-1) },
    { keys: 'ArrowDown', label: 'Next line of the hunk', repeats: true, run: () => cursor.moveLine(1) },
    { keys: 'ArrowUp', label: 'Line of the hunk before', repeats: true, run: () => cursor.moveLine(-1) },
    { keys: 'v', label: 'File is viewed', run: view },
    { keys: 'c', label: 'Comment on the line', run: comment },
    { keys: 'y', label: 'Keep hunk', run: () => judge('kept') },
    { keys: 'n', label: 'Discard hunk', run: () => judge('discarded') },
    { keys: 'shift+y', label: 'Keep all', run: keepAll },
    { keys: 'Escape', label: 'Close the review', run: onClose }
  ])
  return { ...cursor, keepAll }
}

import type { z } from 'zod'
import { AppError, Missing } from '#contract/errors'
import { type addComment, type judgeHunks, maxComments, type Review, type ReviewComment } from '#contract/runs/review'
import type { Run } from '#contract/runs/runs'
import { type CommentRow, type MarkRow, toComment, toMark, wholeFile } from '../../store/runs/reviews.ts'
import type { RunRow } from '../../store/runs/runs.ts'
import { type Domain, type Reading, recordChange } from '../domain.ts'
import { belowRoot, netFiles } from './checkpoints.ts'
import { followUp, requireRun } from './runs.ts'
import { type Discarding, discard, inOrder } from './undo.ts'

type Actor = Parameters<Domain['store']['writer']['write']>[1]

export function getReview(domain: Reading, id: string): Review {
  const run = requireRun(domain, id)
  const { reviews } = domain.store
  return {
    marks: reviews.marks(run.number).map(toMark),
    viewed: reviews
      .viewed(run.number)
      .filter(({ path, version }) => version === versionOf(domain, run, path))
      .map(({ path }) => path),
    comments: reviews.comments(run.number).map(toComment)
  }
}

/** What tells a file from a later one; null: the run did not change it. */
function versionOf(domain: Reading, run: RunRow, path: string): string | null {
  const file = netFiles(domain, run).find(one => one.path === nameBelow(domain, run, path))
  if (!file)
    return (
      domain.store.changedFiles
        .ofRun(run.number)
        .find(one => one.path === path)
        ?.last_seq.toString() ?? null
    )
  return JSON.stringify([file.status, file.added, file.removed, file.bytes])
}

function nameBelow({ store }: Reading, run: RunRow, path: string): string | null {
  const start = store.checkpoints.first(run.number)
  return start ? belowRoot(start.root, path) : null
}

export function markViewed(domain: Domain, id: string, { path, viewed }: { path: string; viewed: boolean }): Review {
  const run = requireRun(domain, id)
  const version = versionOf(domain, run, path)
  if (version === null) throw new Missing('changed file', path)
  if (viewed) domain.store.reviews.view({ run: run.number, path, version })
  else domain.store.reviews.unview(run.number, path)
  recordChange(domain, 'run', 'changed', run.id)
  return getReview(domain, id)
}

type Judgement = z.output<typeof judgeHunks.body>

/** Keeps, discards or opens again. What is on disk follows, before it is noted. */
export async function judge(domain: Domain, id: string, wish: Judgement, actor: Actor): Promise<Review> {
  const run = requireRun(domain, id)
  await inOrder(domain, run, () => judged(domain, run, wish, actor))
  return getReview(domain, id)
}

async function judged(domain: Domain, run: RunRow, wish: Judgement, actor: Actor): Promise<void> {
  const { files, verdict, conflicts } = wish
  const changing: Discarding[] = []
  for (const { path, hunks } of files) {
    if (versionOf(domain, run, path) === null) throw new Missing('changed file', path)
    const before = discardedOf(domain, run, path)
    const after = nowDiscarded(before, hunks, verdict === 'discarded')
    if (JSON.stringify(before) !== JSON.stringify(after)) changing.push({ path, before, after })
  }
  if (changing.length > 0) await discard(domain, run, { files: changing, conflicts }, actor)
  await domain.store.writer.write(() => {
    for (const file of files) note(domain, run, file, verdict)
    recordChange(domain, 'run', 'changed', run.id)
  }, actor)
}

/** Hunks that are put back; null: all of the file is. */
type Discarded = Discarding['before']

function discardedOf({ store }: Reading, run: RunRow, path: string): Discarded {
  const of = store.reviews.marks(run.number).filter(mark => mark.path === path && mark.verdict === 'discarded')
  return of.some(({ hunk }) => hunk === wholeFile) ? null : of.map(({ hunk }) => hunk).sort((a, b) => a - b)
}

function nowDiscarded(before: Discarded, hunks: readonly number[] | null, discarding: boolean): Discarded {
  if (hunks === null) return discarding ? null : []
  // One of all that are discarded cannot be told apart from the others: they are opened together.
  if (before === null) return discarding ? null : []
  const rest = before.filter(hunk => !hunks.includes(hunk))
  return discarding ? [...new Set([...rest, ...hunks])].sort((a, b) => a - b) : rest
}

type Judged = Judgement['files'][number]

function note(domain: Domain, run: RunRow, { path, hunks }: Judged, verdict: Judgement['verdict']): void {
  const { reviews } = domain.store
  const numbers = hunks ?? [wholeFile]
  // What is said of all of it holds for each of its hunks, and the other way round.
  if (hunks === null) reviews.unmarkFile(run.number, path)
  else reviews.unmark(run.number, path, wholeFile)
  for (const hunk of numbers) {
    if (verdict === null) reviews.unmark(run.number, path, hunk)
    else reviews.mark(markRow(domain, run, { path, hunk, verdict }))
  }
}

function markRow(domain: Domain, run: RunRow, mark: Pick<MarkRow, 'path' | 'hunk' | 'verdict'>): MarkRow {
  return { run: run.number, ...mark, author: authorOf(domain), at: domain.clock.now() }
}

function authorOf({ actor }: Domain): string {
  return actor?.name ?? 'Flotilla'
}

export function addCommentTo(domain: Domain, id: string, body: z.output<typeof addComment.body>): ReviewComment {
  const run = requireRun(domain, id)
  const { reviews } = domain.store
  if (reviews.comments(run.number).filter(({ sent_to }) => sent_to === null).length >= maxComments)
    throw new AppError('LIMIT_REACHED', `${maxComments} comments wait already; send them first`)
  const row: CommentRow = {
    ...body,
    id: domain.newId(),
    run: run.number,
    author: authorOf(domain),
    at: domain.clock.now(),
    sent_to: null
  }
  reviews.addComment(row)
  recordChange(domain, 'run', 'changed', run.id)
  return toComment(row)
}

function requireUnsent(domain: Domain, id: string, commentId: string): CommentRow {
  const run = requireRun(domain, id)
  const row = domain.store.reviews.comment(commentId)
  if (row?.run !== run.number) throw new Missing('comment', commentId)
  if (row.sent_to !== null) throw new AppError('INPUT_DELIVERED', 'This comment was sent')
  return row
}

export function changeCommentOf(domain: Domain, id: string, commentId: string, text: string): ReviewComment {
  const row = requireUnsent(domain, id, commentId)
  domain.store.reviews.changeComment(row.id, { text })
  recordChange(domain, 'run', 'changed', id)
  return toComment({ ...row, text })
}

export function removeCommentOf(domain: Domain, id: string, commentId: string): void {
  domain.store.reviews.removeComment(requireUnsent(domain, id, commentId).id)
  recordChange(domain, 'run', 'changed', id)
}

/** What was said goes to the agent as one message. Throws NOTHING_TO_SEND and what a follow-up throws. */
export function sendComments(domain: Domain, id: string, chosen: readonly string[] | null): Run {
  const run = requireRun(domain, id)
  const unsent = domain.store.reviews.comments(run.number).filter(({ sent_to }) => sent_to === null)
  const going = unsent.filter(comment => chosen === null || chosen.includes(comment.id))
  if (going.length === 0) throw new AppError('NOTHING_TO_SEND', 'There is no comment that was not sent')
  const next = followUp(domain, id, { prompt: promptOf(going), images: [] })
  for (const comment of going) domain.store.reviews.changeComment(comment.id, { sent_to: next.id })
  recordChange(domain, 'run', 'changed', run.id)
  return next
}

/** File by file, each with the line it is about. */
function promptOf(comments: readonly CommentRow[]): string {
  const sorted = comments.toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))
  const parts = sorted.map(({ path, side, line, quote, text }) => {
    const where = `${path}, line ${line}${side === 'old' ? ' as it was before' : ''}`
    return `${where}:\n${quote.trim() === '' ? '' : `> ${quote.trim()}\n`}${text}`
  })
  const head = comments.length === 1 ? 'A comment on your changes:' : `${comments.length} comments on your changes:`
  return [head, ...parts].join('\n\n')
}

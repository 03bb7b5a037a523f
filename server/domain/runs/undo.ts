import type { z } from 'zod'
import { AppError, invalid, Missing } from '#contract/errors'
import type { Answer, Question } from '#contract/runners/questions'
import { isEnded } from '#contract/runs/runs'
import { type KeptFiles, keptDays, type PutBackAnswer, type undoRun } from '#contract/runs/undo'
import type { CheckpointRow } from '../../store/runs/checkpoints.ts'
import { type KeptFilesRow, toKeptFiles } from '../../store/runs/kept-files.ts'
import { type MarkRow, wholeFile } from '../../store/runs/reviews.ts'
import type { RunRow } from '../../store/runs/runs.ts'
import { type Domain, recordChange } from '../domain.ts'
import { ask, silent } from '../runners/questions.ts'
import { below, belowRoot, netFiles, requireRunnerOf } from './checkpoints.ts'
import { requireRun } from './runs.ts'

const dayMs = 24 * 60 * 60 * 1000
/** As many as a runner is told. */
const mostBetween = 50

type Actor = Parameters<Domain['store']['writer']['write']>[1]
type Wish = z.output<typeof undoRun.body>
type How = Pick<Wish, 'dryRun' | 'conflicts'>

/** Puts the files of a run back. Throws RUN_NOT_ENDED, NO_CHECKPOINTS, CHECKPOINT_GONE, CHANGED_LATER and RUNNER_…. */
export async function undo(domain: Domain, id: string, { checkpoint, files, ...how }: Wish, actor: Actor) {
  const run = requireEnded(domain, id)
  const { checkpoints } = domain.store
  const [last, to] = [checkpoints.last(run.number), checkpoints.byNumber(run.number, checkpoint)]
  if (!last)
    throw new AppError('NO_CHECKPOINTS', `No checkpoint was taken of run ${run.number}, so it cannot be undone`)
  if (!to) throw new Missing('checkpoint', String(checkpoint))
  const state = {
    type: 'checkpoint' as const,
    // A run whose runner was lost could not tell how it left them.
    from: last.kind === 'end' ? last.commit_id : null,
    to: to.commit_id
  }
  const chosen = files?.flatMap(file => namesBelow(domain, run, file)) ?? null
  const deed = { state, chosen, between: between(domain, run), kind: 'undo' as const, checkpoint, ...how }
  const wholly = checkpoint === 0 && (files === null || files.every(({ hunks }) => hunks === null))
  return await inOrder(domain, run, () => {
    const undone = discardedIn(domain, run)
    return putBack(domain, run, { ...deed, undone, verdict: wholly ? 'discarded' : null }, actor)
  })
}

/** One deed on the files of a run after the other: what one begins with is what the other left. */
export async function inOrder<T>({ fileDeeds }: Domain, { number }: RunRow, deed: () => Promise<T>): Promise<T> {
  const before = fileDeeds.get(number) ?? Promise.resolve()
  const doing = before.then(deed, deed)
  fileDeeds.set(number, doing)
  return await doing.finally(() => fileDeeds.get(number) === doing && fileDeeds.delete(number))
}

/** Other checkpoints: to one of them it may have been undone before. */
function between({ store }: Domain, { number }: RunRow): string[] {
  const commits = store.checkpoints.list(number).map(({ commit_id }) => commit_id)
  return [...new Set(commits)].slice(-mostBetween)
}

/** What the review of a run has put back already. */
function discardedIn(domain: Domain, run: RunRow): ChosenThere[] {
  const marks = domain.store.reviews.marks(run.number).filter(({ verdict }) => verdict === 'discarded')
  return [...Map.groupBy(marks, ({ path }) => path)].flatMap(([path, of]) => {
    const hunks = of.some(({ hunk }) => hunk === wholeFile) ? null : of.map(({ hunk }) => hunk)
    return namesBelow(domain, run, { path, hunks })
  })
}

/** Hunks of a file that were put back until now, and those that are from now on; null: all of the file. */
export interface Discarding {
  path: string
  before: readonly number[] | null
  after: readonly number[] | null
}

/** Puts files of a run, or some of their hunks, back as they were before, or as the run left them. Throws like `undo`. */
export async function discard(
  domain: Domain,
  run: RunRow,
  { files, conflicts }: { files: readonly Discarding[]; conflicts: Wish['conflicts'] },
  actor: Actor
): Promise<void> {
  requireEnded(domain, run.id)
  const { checkpoints } = domain.store
  const [first, last] = [checkpoints.first(run.number), checkpoints.last(run.number)]
  if (!first || last?.kind !== 'end')
    throw new AppError(
      'NO_CHECKPOINTS',
      `How run ${run.number} left its files is not known, so nothing of it can be discarded`
    )
  const names = (which: 'before' | 'after') =>
    files.flatMap(file => namesBelow(domain, run, { path: file.path, hunks: file[which] && [...file[which]] }))
  const state = { type: 'checkpoint' as const, from: last.commit_id, to: first.commit_id }
  const deed = { state, chosen: names('after'), undone: names('before'), between: [], dryRun: false, conflicts }
  await putBack(domain, run, { ...deed, kind: 'discard', checkpoint: null, verdict: null }, actor)
}

export function listKept(domain: Domain, id: string): KeptFiles[] {
  const now = domain.clock.now()
  const rows = domain.store.keptFiles.ofRun(requireRun(domain, id).id)
  return rows.filter(({ until }) => until > now).map(toKeptFiles)
}

/** The files are again as they were before a deed. Throws like `undo`. */
export async function restore(domain: Domain, id: string, keptId: string, how: How, actor: Actor) {
  const run = requireEnded(domain, id)
  const kept = domain.store.keptFiles.byId(keptId)
  if (kept?.run_id !== run.id || kept.until <= domain.clock.now()) throw new Missing('kept state', keptId)
  const state = { type: 'kept' as const, id: keptId }
  const deed = { state, chosen: null, undone: [], between: [], kind: 'restore' as const, checkpoint: null, ...how }
  return await inOrder(domain, run, async () => {
    const answer = await putBack(domain, run, { ...deed, verdict: null }, actor)
    if (answer.done)
      await domain.store.writer.write(() => {
        domain.store.keptFiles.update(keptId, { restored_at: domain.clock.now() })
        // What was said of the files then fits them again.
        domain.store.reviews.setMarks(run.number, JSON.parse(kept.marks) as MarkRow[])
        recordChange(domain, 'run', 'changed', run.id)
      }, actor)
    return answer
  })
}

function requireEnded(domain: Domain, id: string): RunRow {
  const run = requireRun(domain, id)
  if (!isEnded(run.status))
    throw new AppError('RUN_NOT_ENDED', `Run ${run.number} still works on its files; stop it, or wait`)
  return run
}

type ChosenThere = NonNullable<Question<'putBack'>['chosen']>[number]

/** As git names it; a file that was renamed goes back to its former name. */
function namesBelow(domain: Domain, run: RunRow, { path, hunks }: ChosenThere): ChosenThere[] {
  const root = domain.store.checkpoints.first(run.number)?.root ?? ''
  const name = belowRoot(root, path)
  if (name === null) throw invalid('files', `${path} lies outside of ${root}, so no checkpoint has it`)
  const oldPath = netFiles(domain, run).find(file => file.path === name)?.oldPath ?? null
  const chosen = { path: name, hunks }
  return oldPath === null ? [chosen] : [chosen, { path: oldPath, hunks: hunks && [] }]
}

type Deed = Pick<Question<'putBack'>, 'state' | 'chosen' | 'undone' | 'between' | 'conflicts' | 'dryRun'> &
  Pick<KeptFilesRow, 'kind' | 'checkpoint'> & {
    /** What the review says from then on of what was put back; null: that is said elsewhere. */
    verdict: 'discarded' | null
  }

async function putBack(
  domain: Domain,
  run: RunRow,
  { kind, checkpoint, verdict, ...wish }: Deed,
  actor: Actor
): Promise<PutBackAnswer> {
  const runner = requireRunnerOf(domain, run)
  const first = domain.store.checkpoints.first(run.number)
  if (run.cwd === null || !first) throw new AppError('NO_CHECKPOINTS', `No checkpoint was taken of run ${run.number}`)
  const id = domain.newId()
  // Before it is done: whatever becomes of the answer, what it overwrites is found by this.
  if (!wish.dryRun) await domain.store.writer.write(() => begin(domain, run, { id, kind, checkpoint }), actor)
  const question = { type: 'putBack' as const, folder: run.cwd, id, ...wish }
  const asked = await ask(domain, runner, question, { actor, about: run.id })
  if (asked.type === 'unanswered') {
    // Otherwise it may have begun, and what it kept then is found by this.
    if (asked.why === 'old' || asked.why === 'busy') await dropKept(domain, id, actor)
    throw silent(asked)
  }
  if (asked.answer.type === 'gone') {
    await dropKept(domain, id, actor)
    throw new AppError('CHECKPOINT_GONE', asked.answer.message)
  }
  const { done, total } = asked.answer
  const files = asked.answer.files.map(file => ({ ...file, path: below(first.root, file.path) }))
  const working = workingIn(domain, run, first)
  if (!done) {
    await dropKept(domain, id, actor)
    if (!wish.dryRun && wish.conflicts === 'refuse') requireUnhindered(files)
    return { done, kept: null, files, total, working }
  }
  const discarded =
    verdict === null ? [] : files.filter(file => isPutBack(file, wish.conflicts)).map(({ path }) => path)
  return { done, kept: await settle(domain, run, { id, files: total, discarded }, actor), files, total, working }
}

function begin(domain: Domain, run: RunRow, deed: Pick<KeptFilesRow, 'id' | 'kind' | 'checkpoint'>): void {
  const at = domain.clock.now()
  const until = at + keptDays * dayMs
  const marks = JSON.stringify(domain.store.reviews.marks(run.number))
  domain.store.keptFiles.add({ ...deed, run_id: run.id, files: null, at, until, restored_at: null, marks })
}

async function dropKept({ store }: Domain, id: string, actor: Actor): Promise<void> {
  if (store.keptFiles.byId(id)) await store.writer.write(() => store.keptFiles.remove(id), actor)
}

async function settle(
  domain: Domain,
  run: RunRow,
  { id, files, discarded }: { id: string; files: number; discarded: readonly string[] },
  actor: Actor
): Promise<KeptFiles | null> {
  return await domain.store.writer.write(() => {
    domain.store.keptFiles.update(id, { files })
    markDiscarded(domain, run, discarded)
    recordChange(domain, 'run', 'changed', run.id)
    const row = domain.store.keptFiles.byId(id)
    return row ? toKeptFiles(row) : null
  }, actor)
}

function isPutBack({ obstacle }: Files[number], conflicts: How['conflicts']): boolean {
  return obstacle === null || (obstacle === 'changed_later' && conflicts === 'overwrite')
}

function markDiscarded(domain: Domain, run: RunRow, paths: readonly string[]): void {
  const { reviews } = domain.store
  const author = domain.actor?.name ?? 'Flotilla'
  for (const path of paths) {
    reviews.unmarkFile(run.number, path)
    reviews.mark({ run: run.number, path, hunk: wholeFile, verdict: 'discarded', author, at: domain.clock.now() })
  }
}

type Files = Extract<Answer<'putBack'>, { type: 'files' }>['files']

function requireUnhindered(files: Files): void {
  const hindered = files.filter(({ obstacle }) => obstacle !== null)
  if (hindered.length === 0) return
  const names = hindered.slice(0, 5).map(({ path }) => path)
  const more = hindered.length > names.length ? ` and ${hindered.length - names.length} more` : ''
  throw new AppError(
    'CHANGED_LATER',
    `Nothing was done: ${names.join(', ')}${more} changed later, or cannot be kept. A dry run tells which; then say whether to skip or to overwrite them`,
    { files: hindered }
  )
}

function workingIn({ store }: Domain, run: RunRow, { root }: CheckpointRow): PutBackAnswer['working'] {
  return store.checkpoints.working(root, run.number)
}

import { AppError, Missing } from '#contract/errors'
import type { ChangedFile, RunChanges } from '#contract/runs/changed-files'
import {
  type ChangeSet,
  type CheckpointFact,
  changeSet,
  checkpointFact,
  type NetChange
} from '#contract/runs/checkpoints'
import type { Hunk } from '#contract/runs/events'
import { isEnded } from '#contract/runs/runs'
import { iso } from '../../store/columns.ts'
import type { RunnerRow } from '../../store/runners/runners.ts'
import type { CheckpointRow } from '../../store/runs/checkpoints.ts'
import type { RunRow } from '../../store/runs/runs.ts'
import type { Domain, Reading } from '../domain.ts'
import { ask, silent } from '../runners/questions.ts'
import { connectedRunner, homeOf } from '../runners/runners.ts'
import { listChangedFiles } from './changed-files.ts'
import { requireRun } from './runs.ts'

/** While a tool is at work its files may change without a word: they are looked at this often at most, in ms. */
const workingMs = 2000

type Actor = Parameters<Domain['store']['writer']['write']>[1]

/** Keeps what a runner tells of the files of a run. */
export function noteCheckpoint(domain: Domain, run: RunRow, fact: CheckpointFact): void {
  const { checkpoints } = domain.store
  const now = domain.clock.now()
  if (fact.type === 'none') {
    // What was taken before stays.
    if (checkpoints.first(run.number)) return
    const { why, message } = fact
    const without = JSON.stringify({ why, message })
    checkpoints.keepNet({ run: run.number, seq: run.last_seq, at: now, changes: null, without })
    return
  }
  const { kind, root, commit, branch, changes } = fact
  checkpoints.add({ run: run.number, kind, at: now, seq: run.last_seq, root, commit_id: commit, branch })
  const told = { changes: JSON.stringify(changes), without: null }
  checkpoints.keepNet({ run: run.number, seq: run.last_seq, at: now, ...told })
}

/** What a run changed. One that works is looked at when it did anything since the last look. */
export async function changesOf(domain: Domain, id: string, actor: Actor): Promise<RunChanges> {
  const run = requireRun(domain, id)
  const start = domain.store.checkpoints.first(run.number)
  if (start && isStale(domain, run)) await lookOnce(domain, run, start, actor)
  return toldChanges(domain, id)
}

function isStale(domain: Domain, run: RunRow): boolean {
  const net = domain.store.checkpoints.net(run.number)
  if (!net) return true
  // One whose runner was lost could not tell its end.
  if (isEnded(run.status))
    return domain.store.checkpoints.last(run.number)?.kind !== 'end' && net.at < (run.ended_at ?? 0)
  if (run.status !== 'RUNNING' && run.status !== 'WAITING') return false
  return net.seq < run.last_seq || (run.tools_open !== null && domain.clock.now() - net.at >= workingMs)
}

/** Whoever asks meanwhile waits for the same look. */
async function lookOnce(domain: Domain, run: RunRow, start: CheckpointRow, actor: Actor): Promise<void> {
  const { changeLooks } = domain
  const looking = changeLooks.get(run.number) ?? look(domain, run, start, actor)
  changeLooks.set(run.number, looking)
  await looking.finally(() => changeLooks.delete(run.number))
}

/** A runner that is away leaves what is known. */
async function look(domain: Domain, run: RunRow, start: CheckpointRow, actor: Actor): Promise<void> {
  const runner = onlineRunner(domain, run)
  if (runner === null || run.cwd === null) return
  const { commit_id: from } = start
  const asked = await ask(domain, runner, { type: 'changes', folder: run.cwd, from, to: null }, { actor })
  if (asked.type === 'unanswered' || asked.answer.type === 'gone') return
  const { changes } = asked.answer
  await domain.store.writer.write(() => {
    const now = domain.store.runs.byNumber(run.number)
    // Its end may have been told meanwhile, and knows better.
    if (!now || domain.store.checkpoints.last(run.number)?.kind === 'end') return
    const at = domain.clock.now()
    const told = { changes: JSON.stringify(changes), without: null }
    domain.store.checkpoints.keepNet({ run: run.number, seq: run.last_seq, at, ...told })
  }, actor)
}

function onlineRunner(domain: Domain, run: RunRow): RunnerRow | null {
  try {
    return requireRunnerOf(domain, run)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

/** Its files lie with the runner that took it. Throws RUNNER_OFFLINE. */
export function requireRunnerOf(domain: Domain, run: RunRow): RunnerRow {
  if (run.runner_id === null) throw new AppError('RUNNER_OFFLINE', `No runner has taken run ${run.number} yet`)
  return connectedRunner(domain, homeOf(domain, run.runner_id))
}

function toldChanges(domain: Reading, id: string): RunChanges {
  const run = requireRun(domain, id)
  const all = domain.store.checkpoints.list(run.number)
  const net = domain.store.checkpoints.net(run.number)
  const edited = listChangedFiles(domain, id)
  const [start] = all
  if (!start || !net || net.changes === null) {
    const none = net?.without ? withoutOf(net.without) : null
    return { data: edited, total: edited.length, root: null, asOf: null, checkpoints: [], none }
  }
  const set = parseSet(net.changes)
  const data = merged(set.files, edited, { root: start.root, cwd: run.cwd })
  return {
    data,
    total: set.total + data.length - set.files.length,
    root: start.root,
    asOf: iso(net.at),
    checkpoints: all.map(({ n, kind, at, seq, commit_id: commit, branch }) => ({
      n,
      kind,
      at: iso(at),
      seq,
      commit,
      branch
    })),
    none: null
  }
}

function parseSet(text: string): ChangeSet {
  return changeSet.parse(JSON.parse(text))
}

function withoutOf(text: string): RunChanges['none'] {
  return checkpointFact.options[1].omit({ type: true }).parse(JSON.parse(text))
}

interface Around {
  root: string
  cwd: string | null
}

/** What the files came to, with how often its agent edited each; and what it edited beside them. */
function merged(files: readonly NetChange[], edited: readonly ChangedFile[], around: Around): ChangedFile[] {
  const byPath = new Map(edited.map(file => [absolute(file.path, around.cwd), file]))
  const net = files.map((file): ChangedFile => {
    const path = below(around.root, file.path)
    const edits = byPath.get(path)
    byPath.delete(path)
    if (file.oldPath !== null) byPath.delete(below(around.root, file.oldPath))
    return {
      ...file,
      path,
      oldPath: file.oldPath === null ? null : below(around.root, file.oldPath),
      known: 'checkpoint',
      edits: edits?.edits ?? 0,
      editPath: edits?.path ?? null,
      lastSeq: edits?.lastSeq ?? null
    }
  })
  return [...net, ...byPath.values()]
}

export function below(root: string, path: string): string {
  return root.endsWith('/') ? `${root}${path}` : `${root}/${path}`
}

/** null: it lies elsewhere. */
export function belowRoot(root: string, path: string): string | null {
  const top = below(root, '')
  return path.startsWith(top) && path.length > top.length ? path.slice(top.length) : null
}

/** Of the last look. */
export function netFiles({ store }: Pick<Domain, 'store'>, run: RunRow): readonly NetChange[] {
  const text = store.checkpoints.net(run.number)?.changes
  return text ? parseSet(text).files : []
}

/** An agent names a file from its folder or in full, on Windows with either separator. */
function absolute(path: string, cwd: string | null): string {
  const plain = path.replace(/^([a-z]:)?\\/i, '$1/')
  const full = /^([a-z]:)?\//i.test(plain) || cwd === null ? path : below(cwd, path.replace(/^\.[\\/]/, ''))
  return /^[a-z]:/i.test(full) ? full.replaceAll('\\', '/') : full
}

/** The hunks of one file of a run. Throws NOT_FOUND, RUNNER_… and CHECKPOINT_GONE. */
export async function hunksOf(
  domain: Domain,
  id: string,
  { path, offset }: { path: string; offset: number },
  actor: Actor
): Promise<{ hunks: Hunk[]; total: number; not: string | null }> {
  const run = requireRun(domain, id)
  const start = domain.store.checkpoints.first(run.number)
  const file = toldChanges(domain, id).data.find(one => one.path === path && one.known === 'checkpoint')
  if (!start || !file || run.cwd === null) throw new Missing('changed file', path)
  const name = (full: string) => belowRoot(start.root, full) ?? full
  const last = domain.store.checkpoints.last(run.number)
  const asked = await ask(
    domain,
    requireRunnerOf(domain, run),
    {
      type: 'hunks',
      folder: run.cwd,
      from: start.commit_id,
      to: last?.kind === 'end' ? last.commit_id : null,
      path: name(file.path),
      oldPath: file.oldPath === null ? null : name(file.oldPath),
      offset
    },
    { actor }
  )
  if (asked.type === 'unanswered') throw silent(asked)
  if (asked.answer.type === 'gone') throw new AppError('CHECKPOINT_GONE', asked.answer.message)
  const { hunks, total, not } = asked.answer
  return { hunks, total, not }
}

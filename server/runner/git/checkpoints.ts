import type { ChangeSet, CheckpointFact, CheckpointKind } from '#contract/runs/checkpoints'
import type { Hunk } from '#contract/runs/events'
import { keptDays } from '#contract/runs/undo'
import type { Environment } from '../machine/environment.ts'
import { compare, hunksBetween, nameOf, textOf, tooLarge } from './comparison.ts'
import { Git, GitFault, NoGit } from './git.ts'
import { type Chosen, type PlannedFile, planPutBack, putBack } from './put-back.ts'
import { findRepository, type Repository } from './repository.ts'
import { Shadow } from './shadow.ts'
import { type LargeFile, type Snapshot, TooMuch, takeSnapshot } from './snapshot.ts'

/** How often a repository is looked through for what is older than it is kept. */
const dayMs = 24 * 60 * 60 * 1000

export interface PutBack {
  /** Of the deed: what is overwritten is kept under it. */
  id: string
  state: { type: 'checkpoint'; from: string | null; to: string } | { type: 'kept'; id: string }
  chosen: readonly Chosen[] | null
  undone: readonly Chosen[]
  /** Other checkpoints of the run. */
  between: readonly string[]
  /** What is done with files that changed later; what cannot be kept is left as it is in any case. */
  conflicts: 'refuse' | 'skip' | 'overwrite'
  dryRun: boolean
}

export interface PutBackDone {
  done: boolean
  files: PlannedFile[]
}

export interface CheckpointOptions {
  /** What git inherits. */
  environment(): Promise<Environment>
  /** Where our own git folders lie. */
  folder: string
}

/** The checkpoint is not there any more: too old, or the repository is another one. */
export class GoneCheckpoint extends Error {
  override name = 'GoneCheckpoint'
}

/** Checkpoints of the files that runs work on, at one place: commits under refs that no branch and no stash knows of. */
export class Checkpoints {
  readonly git: Git
  private readonly folder: string
  private readonly shadows = new Map<string, Shadow>()
  private readonly pruned = new Map<string, number>()

  constructor({ environment, folder }: CheckpointOptions) {
    this.git = new Git(environment)
    this.folder = folder
  }

  /** `alone`: a private folder, to which no repository above it belongs. */
  async begin(
    folder: string,
    run: { runId: string; alone: boolean },
    signal?: AbortSignal
  ): Promise<RunCheckpoints | Extract<CheckpointFact, { type: 'none' }>> {
    const found = await findRepository(this.git, folder, { alone: run.alone, signal })
    return found.type === 'none' ? found : new RunCheckpoints(this, this.shadowOf(found.repository), run.runId)
  }

  /** What became different since a checkpoint, until another one or until now. Throws GoneCheckpoint. */
  async changes(folder: string, from: string, to: string | null, signal?: AbortSignal): Promise<ChangeSet> {
    const shadow = await this.require(folder, signal)
    const [before, after] = [await this.read(shadow, from), await this.stateAt(shadow, to, signal)]
    return await compare(shadow, before, after, signal)
  }

  /** Throws GoneCheckpoint. */
  async hunks(
    folder: string,
    span: { from: string; to: string | null; path: string; oldPath: string | null },
    signal?: AbortSignal
  ): Promise<{ hunks: Hunk[]; not: string | null }> {
    const shadow = await this.require(folder, signal)
    const [before, after] = [await this.read(shadow, span.from), await this.stateAt(shadow, span.to, signal)]
    const path = nameOf(span.path)
    if (before.large[path] || after.large[path]) return { hunks: [], not: tooLarge }
    const oldPath = span.oldPath === null ? null : nameOf(span.oldPath)
    return await hunksBetween(shadow, before.tree, after.tree, { path, oldPath, signal })
  }

  /**
   * Puts files back as they were at a checkpoint, and keeps what they were until now under the id of that deed; see `putBack`.
   * Throws GoneCheckpoint.
   */
  async putBack(folder: string, wish: PutBack, signal?: AbortSignal): Promise<PutBackDone> {
    const shadow = await this.require(folder, signal)
    const [from, to] = await this.ends(shadow, wish)
    const named = (one: Chosen) => ({ ...one, path: nameOf(one.path) })
    const [chosen, undone] = [wish.chosen?.map(named) ?? null, wish.undone.map(named)]
    const between = await Promise.all(wish.between.map(commit => this.read(shadow, commit).catch(() => null)))
    const states = { from, to, chosen, undone, between: between.filter(state => state !== null) }
    const plan = await planPutBack(shadow, states, signal)
    const files = plan.steps.map(({ path, action, obstacle }) => ({ path: textOf(path), action, obstacle }))
    const hindered = files.some(({ obstacle }) => obstacle !== null)
    if (wish.dryRun || (hindered && wish.conflicts === 'refuse')) return { done: false, files }
    const ref = `${refs}kept/${wish.id}`
    const how = { ref, overwrite: wish.conflicts === 'overwrite', message: `kept by ${wish.id}` }
    return { done: await putBack(shadow, plan, how, signal), files }
  }

  /** From where to where; what was kept by an earlier deed is known by its id. */
  private async ends(shadow: Shadow, { state }: PutBack): Promise<[Snapshot | null, Snapshot]> {
    if (state.type === 'checkpoint') {
      const from = state.from === null ? null : await this.read(shadow, state.from)
      return [from, await this.read(shadow, state.to)]
    }
    const ref = `${refs}kept/${state.id}`
    return [await this.read(shadow, `${ref}/after`), await this.read(shadow, `${ref}/before`)]
  }

  private async stateAt(shadow: Shadow, at: string | null, signal: AbortSignal | undefined): Promise<Snapshot> {
    return at === null ? await takeSnapshot(shadow, signal) : await this.read(shadow, at)
  }

  private async require(folder: string, signal: AbortSignal | undefined): Promise<Shadow> {
    const found = await findRepository(this.git, folder, { alone: false, signal })
    if (found.type === 'none') throw new GoneCheckpoint(found.message)
    return this.shadowOf(found.repository)
  }

  private shadowOf(repository: Repository): Shadow {
    const key = `${repository.root}\0${repository.gitDir}`
    const known = this.shadows.get(key)
    // Another repository may lie there by now.
    if (known && JSON.stringify(known.repository) === JSON.stringify(repository)) return known
    const shadow = new Shadow(this.git, repository, this.folder)
    this.shadows.set(key, shadow)
    return shadow
  }

  private async read(shadow: Shadow, commit: string): Promise<Snapshot> {
    try {
      return parseCommit((await shadow.inRepository(['cat-file', 'commit', commit])).toString('latin1'))
    } catch (error) {
      if (error instanceof GitFault) throw new GoneCheckpoint('The checkpoint is not in the repository any more')
      throw error
    }
  }

  /** Takes away what is older than it is kept, now and then. */
  async prune(shadow: Shadow): Promise<void> {
    const { commonDir } = shadow.repository
    const now = Date.now()
    if (now - (this.pruned.get(commonDir) ?? 0) < dayMs) return
    this.pruned.set(commonDir, now)
    const format = '--format=%(committerdate:unix) %(objectname) %(refname)'
    const told = (await shadow.inRepository(['for-each-ref', format, refs])).toString('utf8')
    const old = told
      .split('\n')
      .map(line => line.split(' '))
      .filter(([time]) => time && now - Number(time) * 1000 > keptDays * dayMs)
    if (old.length === 0) return
    await shadow.inRepository(['update-ref', '--stdin'], old.map(([, id, ref]) => `delete ${ref} ${id}\n`).join(''))
  }
}

const refs = 'refs/flotilla/'

/** Those of one run. */
export class RunCheckpoints {
  private readonly all: Checkpoints
  private readonly shadow: Shadow
  private readonly runId: string
  private first: Snapshot | null = null
  private last: { tree: string; commit: string; changes: ChangeSet } | null = null
  private taken = 0

  constructor(all: Checkpoints, shadow: Shadow, runId: string) {
    this.all = all
    this.shadow = shadow
    this.runId = runId
  }

  /** What cannot be taken is told, and stops nobody. */
  async take(kind: CheckpointKind, signal?: AbortSignal): Promise<CheckpointFact> {
    try {
      const snapshot = await takeSnapshot(this.shadow, signal)
      this.first ??= snapshot
      const changes = await compare(this.shadow, this.first, snapshot, signal)
      const branch = await this.branch()
      const commit = await this.keep(snapshot, signal)
      if (kind === 'start') await this.all.prune(this.shadow)
      const { root } = this.shadow.repository
      this.last = { tree: snapshot.tree, commit, changes }
      return { type: 'taken', kind, at: new Date().toISOString(), root, commit, branch, changes }
    } catch (error) {
      if (error instanceof NoGit) return { type: 'none', why: 'no-git', message: error.message }
      const known = error instanceof GitFault || error instanceof TooMuch || error instanceof Error
      return { type: 'none', why: 'failed', message: (known ? error.message : String(error)).slice(0, 1000) }
    }
  }

  private async keep(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<string> {
    if (this.last?.tree === snapshot.tree && Object.keys(snapshot.large).length === 0) return this.last.commit
    // What was committed before stays reachable, too, whatever becomes of the branch.
    const parent = this.last?.commit ?? (await this.head())
    const message = `checkpoint of run ${this.runId}\n\n${JSON.stringify({ large: snapshot.large })}\n`
    const parents = parent === null ? [] : ['-p', parent]
    const input = Buffer.from(message, 'latin1')
    const made = await this.shadow.run(['commit-tree', snapshot.tree, ...parents], { input, signal })
    const commit = made.toString('latin1').trim()
    await this.shadow.inRepository(['update-ref', `${refs}runs/${this.runId}/${this.taken++}`, commit])
    return commit
  }

  private async head(): Promise<string | null> {
    return await this.asked(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])
  }

  private async branch(): Promise<string | null> {
    return await this.asked(['symbolic-ref', '--quiet', '--short', 'HEAD'])
  }

  private async asked(args: readonly string[]): Promise<string | null> {
    try {
      return (await this.shadow.inRepository(args)).toString('utf8').trim() || null
    } catch (error) {
      if (error instanceof GitFault && error.exitCode === 1) return null
      throw error
    }
  }
}

/** A commit as git keeps it: lines of heads, an empty one, the message with our own line. */
function parseCommit(text: string): Snapshot {
  const tree = /^tree ([0-9a-f]+)$/m.exec(text)?.[1]
  const line = text.split('\n').find(line => line.startsWith('{"large":'))
  if (tree === undefined || line === undefined) throw new GoneCheckpoint('This commit is no checkpoint')
  return { tree, large: (JSON.parse(line) as { large: Record<string, LargeFile> }).large }
}

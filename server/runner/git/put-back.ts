import { lstat, readdir } from 'node:fs/promises'
import { parsePatch, type RawChange, rawChanges, textOf } from './comparison.ts'
import { GitFault } from './git.ts'
import type { Shadow } from './shadow.ts'
import { onDisk, type Snapshot, takeSnapshot } from './snapshot.ts'

/** Why a file cannot be put back as it was. */
type Obstacle = 'changed_later' | 'not_kept' | 'too_large' | 'in_the_way'

/** A file that is to be put back, or some of its hunks. Its name is in Latin-1. */
export interface Chosen {
  path: string
  /** Numbers of the hunks between the two states that are to be as they were; null: all of it. */
  hunks: Hunks
}

/** Of a file, by their numbers; null: all, and the file itself. */
type Hunks = readonly number[] | null

export interface PutBackWish {
  /** What is undone began with `to` and ended with `from`; null: it ended as the files are now. */
  from: Snapshot | null
  to: Snapshot
  /** null: all that differs. */
  chosen: readonly Chosen[] | null
  /** What is so already by an earlier deed. */
  undone: readonly Chosen[]
  /** Other states in which a file may be without having been changed later. */
  between: readonly Snapshot[]
}

/** One file of a plan. */
export interface PlannedFile {
  path: string
  action: 'write' | 'remove' | 'none'
  obstacle: Obstacle | null
}

interface Entry {
  mode: string
  id: string
}

interface Step extends PlannedFile {
  target: Entry
  /** No checkpoint of now has anything there. */
  isNew: boolean
}

export interface Plan {
  now: Snapshot
  steps: readonly Step[]
}

const absent = '000000'

/** What would be done, and what stands against it. Nothing is changed. */
export async function planPutBack(shadow: Shadow, wish: PutBackWish, signal?: AbortSignal): Promise<Plan> {
  const now = await takeSnapshot(shadow, signal)
  const from = wish.from ?? now
  const [todo, since] = await Promise.all([
    rawChanges(shadow, from.tree, wish.to.tree, { renames: false, signal }),
    rawChanges(shadow, from.tree, now.tree, { renames: false, signal })
  ])
  const present = new Map(since.map(change => [change.path, after(change)]))
  const wanted = wish.chosen && hunksByPath(wish.chosen)
  const undone = hunksByPath(wish.undone)
  const steps: Step[] = []
  for (const change of todo) {
    if (wanted && !wanted.has(change.path)) continue
    const is = present.get(change.path) ?? before(change)
    const part = { from, to: wish.to, change, signal }
    const expected = await entryWith(shadow, {
      ...part,
      hunks: undone.has(change.path) ? (undone.get(change.path) ?? null) : []
    })
    const target = await entryWith(shadow, { ...part, hunks: wanted?.get(change.path) ?? null })
    steps.push(step(change.path, { is, expected, target, now, to: wish.to }))
  }
  await allowKnown(shadow, { from, between: wish.between, present, steps, signal })
  return { now, steps: await withWhatLiesThere(shadow.repository.root, steps) }
}

function hunksByPath(chosen: readonly Chosen[]): Map<string, Hunks> {
  return new Map(chosen.map(one => [one.path, one.hunks]))
}

interface Known {
  from: Snapshot
  between: readonly Snapshot[]
  /** Of files that differ from `from`. */
  present: ReadonlyMap<string, Entry>
  steps: Step[]
  signal: AbortSignal | undefined
}

/** What is as another checkpoint has it was put back to there, and is in that one. */
async function allowKnown(shadow: Shadow, { from, between, present, steps, signal }: Known): Promise<void> {
  const doubtful = steps.filter(({ obstacle }) => obstacle === 'changed_later')
  for (const state of doubtful.length > 0 ? between : []) {
    const changed = await rawChanges(shadow, from.tree, state.tree, { renames: false, signal })
    const there = new Map(changed.map(change => [change.path, after(change)]))
    for (const one of doubtful) {
      const [is, was] = [present.get(one.path), there.get(one.path)]
      if (is && was && same(is, was)) one.obstacle = null
    }
  }
}

function before({ modes, ids }: RawChange): Entry {
  return { mode: modes[0], id: ids[0] }
}

function after({ modes, ids }: RawChange): Entry {
  return { mode: modes[1], id: ids[1] }
}

function same(a: Entry, b: Entry): boolean {
  return a.mode === b.mode && a.id === b.id
}

interface Around {
  is: Entry
  /** As it was left. */
  expected: Entry
  target: Entry
  now: Snapshot
  to: Snapshot
}

function step(path: string, { is, expected, target, now, to }: Around): Step {
  const action = same(is, target) ? 'none' : target.mode === absent ? 'remove' : 'write'
  const obstacle = (): Obstacle | null => {
    if (action === 'none') return null
    if (now.large[path]) return 'too_large'
    if (to.large[path]) return 'not_kept'
    return same(is, expected) ? null : 'changed_later'
  }
  return { path, action, obstacle: obstacle(), target, isNew: is.mode === absent }
}

/** git would overwrite what it ignores, and nobody has kept that. */
async function withWhatLiesThere(root: string, steps: readonly Step[]): Promise<Step[]> {
  const leaving = new Set(steps.filter(({ action }) => action === 'remove').map(({ path }) => path))
  return await Promise.all(
    steps.map(async one => {
      if (!one.isNew || one.action !== 'write' || one.obstacle !== null) return one
      return (await isFree(root, one.path, leaving)) ? one : { ...one, obstacle: 'in_the_way' as const }
    })
  )
}

/** Whether nothing lies at a path, nor where the folders above it would, but for what leaves. */
async function isFree(root: string, path: string, leaving: ReadonlySet<string>): Promise<boolean> {
  const parts = path.split('/')
  for (let length = 1; length <= parts.length; length++) {
    const here = parts.slice(0, length).join('/')
    const is = await lstat(onDisk(root, here)).catch(() => null)
    if (is === null) return true
    if (!is.isDirectory()) return leaving.has(here)
  }
  const inside = await readdir(onDisk(root, path), { encoding: 'buffer' })
  const free = await Promise.all(
    inside.map(async name => {
      const below = `${path}/${name.toString('latin1')}`
      return leaving.has(below) || (await isOnlyFolders(root, below, leaving))
    })
  )
  return free.every(Boolean)
}

async function isOnlyFolders(root: string, path: string, leaving: ReadonlySet<string>): Promise<boolean> {
  const is = await lstat(onDisk(root, path)).catch(() => null)
  if (is === null || leaving.has(path)) return true
  return is.isDirectory() && (await isFree(root, path, leaving))
}

interface Part<Of extends Hunks = readonly number[]> {
  from: Snapshot
  to: Snapshot
  change: RawChange
  hunks: Of
  signal: AbortSignal | undefined
}

/** The file with these hunks as they were. */
async function entryWith(shadow: Shadow, part: Part<Hunks>): Promise<Entry> {
  const { change, hunks } = part
  if (hunks === null) return after(change)
  return hunks.length === 0 ? before(change) : await partOf(shadow, { ...part, hunks })
}

/** The file as it is, but for some hunks, which are as they were. Bytes stay as they are. */
async function partOf(shadow: Shadow, { from, to, change, hunks, signal }: Part): Promise<Entry> {
  const { path, modes, ids } = change
  if (modes[0] === absent || modes[1] === absent) throw new GitFault('Only a file that was changed has hunks', null)
  // As it was shown: from what was to what is.
  const args = [
    '--literal-pathspecs',
    'diff-tree',
    '-r',
    '-p',
    '-U3',
    '--no-renames',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv'
  ]
  const patch = (await shadow.run([...args, to.tree, from.tree, '--', path], { signal })).toString('latin1')
  const all = parsePatch(patch)
  if (hunks.some(n => all[n] === undefined)) throw new GitFault(`${textOf(path)} has ${all.length} hunks`, null)
  const content = (await shadow.run(['cat-file', 'blob', ids[0]], { signal })).toString('latin1')
  const lines = content.split(/(?<=\n)/)
  // From the end, so that the numbers of what comes before stay right.
  for (const n of [...new Set(hunks)].sort((a, b) => b - a)) {
    const hunk = all[n]
    if (!hunk) continue
    const start = hunk.newLines === 0 ? hunk.newStart : hunk.newStart - 1
    lines.splice(start, hunk.newLines, ...oldLines(hunk.lines))
  }
  const input = Buffer.from(lines.join(''), 'latin1')
  const id = (await shadow.run(['hash-object', '-w', '--no-filters', '--stdin'], { input, signal }))
    .toString('latin1')
    .trim()
  return { mode: modes[0], id }
}

function oldLines(lines: readonly string[]): string[] {
  return lines.flatMap((line, at) => {
    if (line.startsWith('+') || line.startsWith('\\')) return []
    return [lines[at + 1]?.startsWith('\\') ? line.slice(1) : `${line.slice(1)}\n`]
  })
}

/**
 * Does what was planned, with what stands against it left as it is or overwritten. First the files as they are and as they will
 * be are kept under `ref`; git then writes all of them or, where one changed meanwhile, none. False: there was nothing to do.
 */
export async function putBack(
  shadow: Shadow,
  { now, steps }: Plan,
  { ref, overwrite, message }: { ref: string; overwrite: boolean; message: string },
  signal?: AbortSignal
): Promise<boolean> {
  const doing = steps.filter(one => one.action !== 'none' && isDone(one, overwrite))
  if (doing.length === 0) return false
  return await shadow.alone(async () => {
    const tree = await treeWith(shadow, now.tree, doing, signal)
    const states = { before: now.tree, after: tree }
    for (const [name, state] of Object.entries(states)) {
      const words = `${message} (${name})\n\n${JSON.stringify({ large: name === 'before' ? now.large : {} })}\n`
      const input = Buffer.from(words, 'latin1')
      const commit = (await shadow.run(['commit-tree', state], { input, signal })).toString('latin1').trim()
      await shadow.inRepository(['update-ref', `${ref}/${name}`, commit], undefined, signal)
    }
    // Once it writes it writes to its end.
    await shadow.run(['read-tree', '-m', '-u', now.tree, tree])
    return true
  })
}

/** What is too large to be kept is never overwritten. */
function isDone({ obstacle }: PlannedFile, overwrite: boolean): boolean {
  return obstacle === null || (obstacle === 'changed_later' && overwrite)
}

async function treeWith(
  shadow: Shadow,
  tree: string,
  steps: readonly Step[],
  signal: AbortSignal | undefined
): Promise<string> {
  const index = `${shadow.index}.next`
  await shadow.run(['read-tree', tree], { index, signal })
  const input = steps.map(({ path, target }) => `${target.mode === absent ? '0' : target.mode} ${target.id}\t${path}\0`)
  const bytes = Buffer.from(input.join(''), 'latin1')
  await shadow.run(['update-index', '-z', '--index-info'], { index, input: bytes, signal })
  return (await shadow.run(['write-tree', '--missing-ok'], { index, signal })).toString('latin1').trim()
}

import { type ChangeSet, maxChangedFiles, type NetChange } from '#contract/runs/checkpoints'
import type { Hunk } from '#contract/runs/events'
import type { Shadow } from './shadow.ts'
import { largestKept, type Snapshot } from './snapshot.ts'

/** Letters of the paths that one list names. */
const mostNamed = 200_000
/** A file whose patch has more bytes than this is not shown line by line. */
const mostPatch = 4 * 1024 * 1024

/** One path that differs between two trees, as git tells it; names in Latin-1. */
export interface RawChange {
  letter: string
  path: string
  oldPath: string | null
  modes: readonly [before: string, after: string]
  ids: readonly [before: string, after: string]
}

/** `renames`: a file that went elsewhere counts as one change. */
export async function rawChanges(
  shadow: Shadow,
  from: string,
  to: string,
  { renames, signal }: { renames: boolean; signal?: AbortSignal | undefined }
): Promise<RawChange[]> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', renames ? '-M' : '--no-renames', from, to]
  return parseRaw((await shadow.run(args, { signal })).toString('latin1'))
}

/** Of `diff-tree -z --raw`: `:mode mode id id letter`, then one path or two. */
function parseRaw(text: string): RawChange[] {
  const parts = text.split('\0')
  const found: RawChange[] = []
  for (let at = 0; parts[at]?.startsWith(':'); ) {
    const [before = '', after = '', idBefore = '', idAfter = '', word = ''] = parts[at]?.slice(1).split(' ') ?? []
    const letter = word.charAt(0)
    const two = letter === 'R' || letter === 'C'
    const first = parts[at + 1] ?? ''
    const path = two ? (parts[at + 2] ?? '') : first
    found.push({ letter, path, oldPath: two ? first : null, modes: [before, after], ids: [idBefore, idAfter] })
    at += two ? 3 : 2
  }
  return found
}

/** Lines of each path; null: it is binary. Of `diff-tree -z --numstat`. */
function parseCounts(text: string): Map<string, { added: number; removed: number } | null> {
  const parts = text.split('\0')
  const counts = new Map<string, { added: number; removed: number } | null>()
  for (let at = 0; at < parts.length; ) {
    const [, added = '', removed = '', name = ''] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(parts[at] ?? '') ?? []
    if (added === '') break
    const renamed = name === ''
    const path = renamed ? (parts[at + 2] ?? '') : name
    counts.set(path, added === '-' ? null : { added: Number(added), removed: Number(removed) })
    at += renamed ? 3 : 1
  }
  return counts
}

/** What became different between two snapshots. */
export async function compare(shadow: Shadow, from: Snapshot, to: Snapshot, signal?: AbortSignal): Promise<ChangeSet> {
  if (from.tree === to.tree && sameLarge(from, to)) return { files: [], total: 0, added: 0, removed: 0 }
  const numbers = ['diff-tree', '-r', '-z', '--numstat', '-M', '--no-ext-diff', '--no-textconv', from.tree, to.tree]
  const [changes, counted] = await Promise.all([
    rawChanges(shadow, from.tree, to.tree, { renames: true, signal }),
    shadow.run(numbers, { signal })
  ])
  const counts = parseCounts(counted.toString('latin1'))
  const large = largeChanges(from, to, changes)
  const all = [...changes.filter(({ path }) => !large.has(path)), ...large.values()]
  all.sort((a, b) => (a.path < b.path ? -1 : 1))
  const named = firstOf(all)
  const sizes = await sizesOf(shadow, named, signal)
  const files = named.map((change): NetChange => {
    const count = counts.get(change.path)
    const big = large.get(change.path)
    return {
      path: textOf(change.path),
      oldPath: change.oldPath === null ? null : textOf(change.oldPath),
      status: statusOf(change),
      kind: kindOf(change),
      binary: !big && count === null,
      added: big || !count ? null : count.added,
      removed: big || !count ? null : count.removed,
      bytes: big ? big.bytes : (sizes.get(change.ids[1]) ?? null),
      kept: !big
    }
  })
  const sum = (part: 'added' | 'removed') =>
    [...counts].reduce((total, [path, count]) => total + (large.has(path) ? 0 : (count?.[part] ?? 0)), 0)
  return { files, total: all.length, added: sum('added'), removed: sum('removed') }
}

function sameLarge(from: Snapshot, to: Snapshot): boolean {
  return JSON.stringify(Object.entries(from.large).sort()) === JSON.stringify(Object.entries(to.large).sort())
}

type LargeChange = RawChange & { bytes: number | null }

/** A file whose content is not kept on one side, by path. */
function largeChanges(from: Snapshot, to: Snapshot, changes: readonly RawChange[]): Map<string, LargeChange> {
  const byPath = new Map(changes.map(change => [change.path, change]))
  const found = new Map<string, LargeChange>()
  for (const path of new Set([...Object.keys(from.large), ...Object.keys(to.large)])) {
    const [before, after] = [from.large[path], to.large[path]]
    const known = byPath.get(path)
    const was = before !== undefined || (known !== undefined && known.letter !== 'A')
    const is = after !== undefined || (known !== undefined && known.letter !== 'D')
    if (before && after && before.bytes === after.bytes && before.mtimeMs === after.mtimeMs) continue
    const letter = was && is ? 'M' : is ? 'A' : 'D'
    const file = '100644'
    found.set(path, { letter, path, oldPath: null, modes: [file, file], ids: ['', ''], bytes: after?.bytes ?? null })
  }
  return found
}

function firstOf<Change extends { path: string; oldPath: string | null }>(all: readonly Change[]): Change[] {
  let letters = 0
  const end = all.findIndex(({ path, oldPath }, at) => {
    letters += path.length + (oldPath?.length ?? 0)
    return at >= maxChangedFiles || letters > mostNamed
  })
  return end === -1 ? [...all] : all.slice(0, end)
}

const statuses: Readonly<Record<string, NetChange['status']>> = {
  A: 'added',
  C: 'added',
  D: 'removed',
  R: 'renamed',
  T: 'retyped'
}

function statusOf({ letter }: RawChange): NetChange['status'] {
  return statuses[letter] ?? 'modified'
}

const link = '120000'
const submodule = '160000'

function kindOf({ modes: [before, after] }: RawChange): NetChange['kind'] {
  const mode = after === '000000' ? before : after
  return mode === link ? 'link' : mode === submodule ? 'submodule' : 'file'
}

async function sizesOf(
  shadow: Shadow,
  changes: readonly RawChange[],
  signal: AbortSignal | undefined
): Promise<Map<string, number>> {
  const ids = changes.filter(({ modes }) => modes[1] !== '000000' && modes[1] !== submodule).map(({ ids }) => ids[1])
  const asked = [...new Set(ids)].filter(Boolean)
  if (asked.length === 0) return new Map()
  const told = await shadow.run(['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
    input: `${asked.join('\n')}\n`,
    signal
  })
  const lines = told.toString('latin1').trim().split('\n')
  return new Map(lines.map(line => line.split(' ')).map(([id = '', size]) => [id, Number(size)]))
}

export function textOf(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8')
}

/** What a text names, as git's letters. */
export function nameOf(path: string): string {
  return Buffer.from(path, 'utf8').toString('latin1')
}

/** The hunks of one file between two trees; words where it is not shown line by line. */
export async function hunksBetween(
  shadow: Shadow,
  from: string,
  to: string,
  { path, oldPath, signal }: { path: string; oldPath: string | null; signal?: AbortSignal | undefined }
): Promise<{ hunks: Hunk[]; not: string | null }> {
  const paths = oldPath === null ? [path] : [oldPath, path]
  const args = [
    '--literal-pathspecs',
    'diff-tree',
    '-r',
    '-p',
    '-U3',
    '-M',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv'
  ]
  const patch = await shadow.run([...args, from, to, '--', ...paths], { signal })
  if (patch.length > mostPatch) return { hunks: [], not: `Its changes are longer than ${mostPatch >> 20} MiB` }
  const text = patch.toString('utf8')
  const hunks = parsePatch(text)
  if (hunks.length > 0) return { hunks, not: null }
  if (/^(GIT binary patch|Binary files )/m.test(text)) return { hunks, not: 'It is a binary file' }
  const modes = /^old mode (\d+)\nnew mode (\d+)$/m.exec(text)
  return { hunks, not: modes ? `Only its mode changed, from ${modes[1]} to ${modes[2]}` : null }
}

export const tooLarge = `It is larger than ${largestKept >> 20} MiB, so its content is not kept`

const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/

/** Of a unified diff. A line within a hunk is known by how many lines its head announces, not by how it looks. */
export function parsePatch(text: string): Hunk[] {
  const hunks: Hunk[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const match = head.exec(lines[at] ?? '')
    if (!match) continue
    const [, oldStart, oldLines = '1', newStart, newLines = '1'] = match
    const hunk: Hunk = {
      oldStart: Number(oldStart),
      oldLines: Number(oldLines),
      newStart: Number(newStart),
      newLines: Number(newLines),
      lines: []
    }
    let [before, after] = [hunk.oldLines, hunk.newLines]
    while (before > 0 || after > 0 || lines[at + 1]?.startsWith('\\')) {
      const line = lines[++at]
      if (line === undefined) break
      hunk.lines.push(line)
      if (line.startsWith(' ') || line.startsWith('-')) before--
      if (line.startsWith(' ') || line.startsWith('+')) after--
    }
    hunks.push(hunk)
  }
  return hunks
}

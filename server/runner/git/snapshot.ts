import { constants } from 'node:fs'
import { access, lstat } from 'node:fs/promises'
import { sep } from 'node:path'
import { GitFault } from './git.ts'
import { exists } from './repository.ts'
import { names, type Shadow } from './shadow.ts'

/** A file of more bytes is told of, and its content is not kept. */
export const largestKept = 32 * 1024 * 1024
/** New files, and bytes in them, that one checkpoint takes in. */
const mostNew = { files: 100_000, bytes: 1024 * 1024 * 1024 }
/** Files that are looked at side by side. */
const lookedAtOnce = 64
/** Files come and go while an agent works. */
const tries = 3

/** The files of a work tree at a moment: those that are tracked, and those that are not and not ignored. */
export interface Snapshot {
  tree: string
  /** Files that are too large to be kept, by path. */
  large: Readonly<Record<string, LargeFile>>
}

/** What a large file is told apart by. */
export interface LargeFile {
  bytes: number
  mtimeMs: number
}

/** Throws GitFault and TooMuch. */
export async function takeSnapshot(shadow: Shadow, signal?: AbortSignal): Promise<Snapshot> {
  return await shadow.alone(async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(shadow, signal)
      } catch (error) {
        if (!(error instanceof GitFault) || attempt === tries || signal?.aborted) throw error
      }
    }
  })
}

/** More than one checkpoint takes in. */
export class TooMuch extends Error {
  override name = 'TooMuch'
}

async function once(shadow: Shadow, signal: AbortSignal | undefined): Promise<Snapshot> {
  await shadow.prepare(signal)
  const [changed, others, tracked] = await Promise.all([
    changedPaths(shadow, signal),
    otherPaths(shadow, signal),
    shadow.newlyTracked(signal)
  ])
  const paths = [...new Set([...changed, ...others, ...tracked])]
  if (paths.length > mostNew.files)
    throw new TooMuch(`more than ${mostNew.files.toLocaleString('en')} files in it are new`)
  const { gone, taken, large } = await sorted(shadow.repository.root, paths)
  if (gone.length > 0) {
    const nothing = '0'.repeat(shadow.repository.objectFormat === 'sha1' ? 40 : 64)
    const input = gone.map(path => `0 ${nothing}\t${path}\0`).join('')
    await shadow.run(['update-index', '-z', '--index-info'], { input: Buffer.from(input, 'latin1'), signal })
  }
  if (taken.length > 0) {
    const input = Buffer.from(taken.map(path => `${path}\0`).join(''), 'latin1')
    await shadow.run(['update-index', '-z', '--add', '--remove', '--replace', '--stdin'], { input, signal })
  }
  const tree = (await shadow.run(['write-tree', '--missing-ok'], { signal })).toString('latin1').trim()
  return { tree, large }
}

async function changedPaths(shadow: Shadow, signal: AbortSignal | undefined): Promise<string[]> {
  const told = names(await shadow.run(['diff-files', '-z', '--name-status', '--ignore-submodules=dirty'], { signal }))
  // A letter, then the path.
  return told.filter((_, at) => at % 2 === 1)
}

async function otherPaths(shadow: Shadow, signal: AbortSignal | undefined): Promise<string[]> {
  const { excludes } = shadow.repository
  const there = await Promise.all(excludes.map(exists))
  const from = excludes.filter((_, at) => there[at]).map(file => `--exclude-from=${file}`)
  const args = ['ls-files', '-z', '--others', '--exclude-per-directory=.gitignore', ...from]
  // One that ends so is a repository of its own, such as a work tree of another program.
  return names(await shadow.run(args, { signal })).filter(path => !path.endsWith('/'))
}

interface Sorted {
  gone: string[]
  taken: string[]
  large: Record<string, LargeFile>
}

async function sorted(root: string, paths: readonly string[]): Promise<Sorted> {
  const found: Sorted = { gone: [], taken: [], large: {} }
  let bytes = 0
  for (let at = 0; at < paths.length; at += lookedAtOnce) {
    const some = paths.slice(at, at + lookedAtOnce)
    const looks = await Promise.all(some.map(path => lookAt(onDisk(root, path))))
    for (const [i, path] of some.entries()) {
      const look = looks[i]
      if (look === null || look === undefined) found.gone.push(path)
      else if (look.bytes > largestKept) {
        found.gone.push(path)
        found.large[path] = look
      } else {
        bytes += look.bytes
        found.taken.push(path)
      }
    }
  }
  if (bytes > mostNew.bytes) throw new TooMuch(`more than ${mostNew.bytes >> 20} MiB in it are new`)
  return found
}

/** null: there is nothing that could be kept. Throws where a file may not be read. */
async function lookAt(path: Buffer): Promise<LargeFile | null> {
  const is = await lstat(path).catch(() => null)
  if (is === null) return null
  if (is.isFile()) {
    const readable = await access(path, constants.R_OK).then(
      () => true,
      () => false
    )
    if (!readable) throw new TooMuch(`the file ${path.toString('utf8')} may not be read`)
    return { bytes: is.size, mtimeMs: Math.floor(is.mtimeMs) }
  }
  // A folder is a submodule, or stands where a file was.
  return is.isSymbolicLink() || is.isDirectory() ? { bytes: 0, mtimeMs: 0 } : null
}

/** A path of git, in Latin-1, as this system calls it. */
export function onDisk(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}${sep}`), Buffer.from(path, 'latin1')])
}

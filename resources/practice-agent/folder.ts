import type { Dirent } from 'node:fs'
import { lstat, mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

/** Largest file that is read, searched or changed, in bytes. */
const maxFileBytes = 1024 * 1024
const maxEntries = 500
const maxMatches = 200
const maxFilesSearched = 20_000
const skippedFolders = new Set(['node_modules', '.git'])

/** Something that a person can mend; its message is shown. */
export class Problem extends Error {
  override name = 'Problem'
}

/** The chosen folder: everything happens inside of it, after links are resolved. */
export class Folder {
  private readonly root: string

  private constructor(root: string) {
    this.root = root
  }

  static async open(path: string): Promise<Folder> {
    return new Folder(await realpath(path))
  }

  /** How a path is shown: from the folder. */
  show(path: string): string {
    return relative(this.root, path) || '.'
  }

  async list(path: string | null): Promise<string[]> {
    const entries = await readdir(await this.existing(path ?? '.'), { withFileTypes: true }).catch(asProblem)
    const names = entries.map(entry => entry.name + (entry.isDirectory() ? '/' : '')).sort()
    const more = names.length - maxEntries
    return more > 0 ? [...names.slice(0, maxEntries), `… and ${more} more`] : names
  }

  /** Absolute path and text of a file that is there. */
  async read(path: string): Promise<{ path: string; text: string }> {
    const file = await this.existing(path)
    const { size } = await this.requireFile(file)
    if (size > maxFileBytes) throw new Problem(`${path} is larger than 1 MiB`)
    const bytes = await readFile(file).catch(asProblem)
    if (bytes.includes(0)) throw new Problem(`${path} is not a text file`)
    return { path: file, text: bytes.toString('utf8') }
  }

  /** The text of a file, or null when there is none yet. */
  async readOrNull(path: string): Promise<{ path: string; text: string | null }> {
    const file = await this.inside(path)
    const there = await lstat(file).catch(() => null)
    return there === null ? { path: file, text: null } : await this.read(path)
  }

  async write(path: string, text: string): Promise<void> {
    if (Buffer.byteLength(text) > maxFileBytes) throw new Problem('That is more than 1 MiB')
    const file = await this.inside(path)
    await mkdir(dirname(file), { recursive: true }).catch(asProblem)
    await writeFile(file, text).catch(asProblem)
  }

  /** Lines that hold the text, as `file:line: words`. */
  async find(text: string, path: string | null, signal: AbortSignal): Promise<string[]> {
    const matches: string[] = []
    let files = 0
    for await (const file of this.walk(await this.existing(path ?? '.'))) {
      signal.throwIfAborted()
      if (matches.length >= maxMatches || ++files > maxFilesSearched) return [...matches, '… and perhaps more']
      matches.push(...(await this.matches(file, text)))
    }
    return matches.slice(0, maxMatches)
  }

  private async matches(file: string, text: string): Promise<string[]> {
    const { size } = await stat(file).catch(() => ({ size: Number.POSITIVE_INFINITY }))
    if (size > maxFileBytes) return []
    const content = await readFile(file, 'utf8').catch(() => '')
    if (content.includes('\0')) return []
    const wanted = text.toLowerCase()
    return content.split('\n').flatMap((line, index) => {
      if (!line.toLowerCase().includes(wanted)) return []
      return [`${this.show(file)}:${index + 1}: ${line.trim().slice(0, 200)}`]
    })
  }

  /** All files below; links are not followed. */
  private async *walk(folder: string): AsyncGenerator<string> {
    const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
      const path = join(folder, entry.name)
      if (entry.isFile()) yield path
      else if (entry.isDirectory() && !skippedFolders.has(entry.name)) yield* this.walk(path)
    }
  }

  private async existing(path: string): Promise<string> {
    const file = await this.inside(path)
    return await realpath(file).catch(() => {
      throw new Problem(`There is no ${path}`)
    })
  }

  private async requireFile(file: string): Promise<{ size: number }> {
    const found = await stat(file)
    if (!found.isFile()) throw new Problem(`${this.show(file)} is not a file`)
    return found
  }

  /** The absolute path, refused when it, or a link on its way, leads out of the folder. */
  private async inside(path: string): Promise<string> {
    const wanted = resolve(this.root, path)
    const place = await nearestExisting(wanted)
    if (place === null || !isInside(place, this.root)) {
      throw new Problem(`${path} lies outside of the folder I may work in`)
    }
    return wanted
  }
}

/** The deepest part of a path that exists, links resolved; null for a link that leads nowhere. */
async function nearestExisting(path: string): Promise<string | null> {
  for (let part = path; ; part = dirname(part)) {
    if ((await lstat(part).catch(() => null)) !== null) return await realpath(part).catch(() => null)
    if (part === dirname(part)) return null
  }
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

function asProblem(error: unknown): never {
  throw new Problem(error instanceof Error ? error.message : String(error))
}

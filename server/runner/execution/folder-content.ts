import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { isInside } from '#contract/runners/folder-rule'
import { maxActs, maxSettingsFiles, type SettingsAct, type SettingsFile } from '#contract/runs/trust'
import type { Environment } from '../machine/environment.ts'
import type { Files } from '../places/files.ts'
import type { FolderSettings, SettingsSource } from '../runtimes/runtime.ts'

/** What lies in a folder and acts by itself. `content` is null when it is more than can be shown or read. */
export interface FolderContent {
  acts: SettingsAct[]
  files: SettingsFile[]
  content: string | null
}

const { platform } = process
const maxDepth = 6
const maxFileBytes = 8 * 1024 * 1024
const shownFileBytes = 64 * 1024
const shownBytes = 512 * 1024

/** Reads it as it stands now. Nothing of it is run. */
export async function readFolderContent(
  files: Files,
  folder: string,
  settings: FolderSettings,
  env: Environment
): Promise<FolderContent> {
  const own = await ownFolder(files, settings, env)
  const paths = (await Promise.all(settings.sources.map(source => pathsOf(files, folder, source)))).flat()
  const acts: SettingsAct[] = []
  const kept = new Map<string, Buffer | null>()
  for (const path of new Set(paths)) {
    if (own !== null && isInside((await files.real(path)) ?? path, own, platform)) continue
    const bytes = await bytesOf(files, path)
    if (bytes === undefined) continue
    const found = settings.acts({ path: shownPath(folder, path), text: bytes?.toString('utf8') ?? '' })
    if (found.length === 0 && bytes !== null) continue
    acts.push(...found)
    kept.set(path, bytes)
  }
  for (const path of await programsOf(files, folder, settings, acts))
    kept.set(path, (await bytesOf(files, path)) ?? null)
  return contentOf(folder, acts, kept)
}

function contentOf(folder: string, acts: SettingsAct[], kept: ReadonlyMap<string, Buffer | null>): FolderContent {
  const hash = createHash('sha256')
  const files: SettingsFile[] = []
  let left = shownBytes
  for (const [path, bytes] of [...kept].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const shown = shownPath(folder, path)
    const text =
      bytes !== null && bytes.length <= Math.min(shownFileBytes, left) && !bytes.includes(0)
        ? bytes.toString('utf8')
        : null
    left -= text?.length ?? 0
    files.push({ path: shown, text })
    hash.update(`${shown}\n${bytes?.length}\n`).update(bytes ?? '')
  }
  const tooMuch = acts.length > maxActs || files.length > maxSettingsFiles || [...kept.values()].includes(null)
  return {
    acts: acts.slice(0, maxActs),
    files: files.slice(0, maxSettingsFiles),
    content: tooMuch ? null : hash.digest('hex')
  }
}

/** What is the user's own lies in no folder of a project, even when an agent works in their home. */
async function ownFolder(files: Files, { own }: FolderSettings, env: Environment): Promise<string | null> {
  const named = env[own.variable] || join(env.HOME || homedir(), own.home)
  return await files.real(named)
}

async function pathsOf(files: Files, folder: string, { path, below, above }: SettingsSource): Promise<string[]> {
  const folders = above ? [folder, ...foldersAbove(folder)] : [folder]
  const paths = folders.map(dir => join(dir, path))
  return below === undefined ? paths : (await Promise.all(paths.map(one => filesBelow(files, one, below, 0)))).flat()
}

function foldersAbove(folder: string): string[] {
  const above = dirname(folder)
  return above === folder ? [] : [above, ...foldersAbove(above)]
}

async function filesBelow(files: Files, folder: string, endings: readonly string[], depth: number): Promise<string[]> {
  if (depth > maxDepth) return []
  const found: string[] = []
  for (const name of await files.list(folder)) {
    if (found.length > maxSettingsFiles) break
    const path = join(folder, name)
    // Links are followed, as the runtimes do.
    const is = await files.look(path)
    if (is?.kind === 'folder') found.push(...(await filesBelow(files, path, endings, depth + 1)))
    else if (is?.kind === 'file' && endings.some(ending => name.endsWith(ending))) found.push(path)
  }
  return found
}

/** undefined: not there, or no file. null: too large to be looked at. */
async function bytesOf(files: Files, path: string): Promise<Buffer | null | undefined> {
  const is = await files.look(path)
  if (is?.kind !== 'file') return undefined
  if (is.bytes > maxFileBytes) return null
  // One that is there and cannot be read may yet be read by what we start.
  return await files.read(path)
}

/** Endings of what an interpreter runs. */
const script = /\.(sh|bash|zsh|fish|py|[cm]?[jt]sx?|rb|pl|php|lua|ps1|bat|cmd)$/i

/** Files of the folder that the settings run. What they only write to or read from is no part of the content. */
async function programsOf(
  files: Files,
  folder: string,
  { root }: FolderSettings,
  acts: readonly SettingsAct[]
): Promise<string[]> {
  const words = acts
    .filter(({ kind }) => kind === 'hook' || kind === 'helper' || kind === 'mcp')
    .flatMap(({ detail }) => wordsOf(detail.replace(new RegExp(`\\$\\{?${root}\\}?`, 'g'), folder)))
  const named = new Map<string, boolean>()
  for (const { word, first } of words) {
    const path = resolve(folder, word)
    if (path !== folder && isInside(path, folder, platform)) named.set(path, first || named.get(path) === true)
  }
  const programs: string[] = []
  for (const [path, first] of [...named].slice(0, maxSettingsFiles)) {
    const is = await files.look(path)
    if (is?.kind === 'file' && (first || script.test(path) || is.program)) programs.push(path)
  }
  return programs
}

/** What runs whatever stands in a file of the folder that is not named. */
const recipes: Record<string, string> = {
  npm: 'package.json',
  pnpm: 'package.json',
  yarn: 'package.json',
  bun: 'package.json',
  make: 'Makefile',
  just: 'justfile'
}

/** The words of a command line; `first`: it stands where a program is named. */
function wordsOf(line: string): { word: string; first: boolean }[] {
  const plain = line.replace(/["']/g, '').split(/[;|&\n(){}`]+/)
  const words = plain.flatMap(part => {
    const named = part.split(/[\s<>]+/).filter(word => word !== '' && !/^\w+=/.test(word))
    return named.map((word, index) => ({ word: recipes[word] ?? word, first: index === 0 }))
  })
  // A name with spaces in it.
  const quoted = [...line.matchAll(/"([^"]+)"|'([^']+)'/g)].map(([, double, single]) => double ?? single ?? '')
  return [...words, ...quoted.map(word => ({ word, first: false }))]
}

function shownPath(folder: string, path: string): string {
  return relative(folder, path).replaceAll('\\', '/')
}

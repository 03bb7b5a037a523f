import { constants } from 'node:fs'
import { access, mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { FileLook, Files } from '../files.ts'

export const hostFiles: Files = {
  real: path => realpath(path).catch(() => null),
  look,
  list: folder =>
    readdir(folder).then(
      names => names.sort(),
      () => []
    ),
  entries: folder =>
    readdir(folder, { withFileTypes: true }).then(
      found => found.map(one => ({ name: one.name, folder: one.isDirectory() })).sort(byName),
      () => []
    ),
  read: path => readFile(path).catch(() => null),
  async write(path, content) {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1
}

async function look(path: string): Promise<FileLook | null> {
  const is = await stat(path).catch(() => null)
  if (is === null) return null
  const kind = is.isFile() ? 'file' : is.isDirectory() ? 'folder' : 'other'
  const program = kind === 'file' && (await mayStart(path))
  return { kind, bytes: is.size, program }
}

async function mayStart(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false
  )
}

import { createHash } from 'node:crypto'
import { sep } from 'node:path'
import type { z } from 'zod'
import type { looked, look as question } from '#contract/runners/looks'
import type { Place } from '../places/place.ts'
import { type Around as Running, runToEnd } from './run-to-end.ts'

type Around = Running & Pick<Place, 'folder'> & { files: Pick<Place['files'], 'real' | 'look' | 'read' | 'entries'> }

/** A file is read to its end to tell whether it became another. */
const largestFile = 16 << 20

/** What a file or a ref is now, in a folder where agents may work. Nothing outside of it is looked at. */
export function look(place: Around) {
  return async (
    { folder, watched }: z.output<typeof question>,
    signal: AbortSignal
  ): Promise<z.output<typeof looked>> => {
    const root = await place.folder(folder, '')
    if (watched.type === 'file') return { state: await stateOfFile(place, root, watched.path) }
    return { state: await stateOfRef(place, root, watched.ref, signal) }
  }
}

async function stateOfFile({ files }: Around, root: string, path: string): Promise<string | null> {
  const real = await files.real(`${root}${sep}${path}`)
  if (real === null) return null
  if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep))
    throw new Error(`${path} lies outside of the folder`)
  const there = await files.look(real)
  if (there?.kind === 'folder') {
    const names = (await files.entries(real)).map(({ name, folder }) => (folder ? `${name}/` : name))
    return `names ${hash(names.join('\n'))}`
  }
  if (there?.kind !== 'file') throw new Error(`${path} is neither a file nor a folder`)
  if (there.bytes > largestFile) throw new Error(`${path} is larger than ${largestFile >> 20} MiB`)
  const content = await files.read(real)
  return content === null ? null : `content ${hash(content)}`
}

function hash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/** As git tells it, which looks at nothing that a repository could make it start. */
async function stateOfRef(place: Around, root: string, ref: string, signal: AbortSignal): Promise<string | null> {
  const args = ['-c', 'core.fsmonitor=false', 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{object}`]
  const { exitCode, output } = await runToEnd(place, { file: 'git', args, cwd: root }, signal)
  const [id] = /^[0-9a-f]{40,64}/m.exec(output) ?? []
  if (exitCode === 0 && id !== undefined) return `object ${id}`
  if (exitCode === 1 && output.trim() === '') return null
  throw new Error(output.trim().split('\n')[0]?.slice(0, 500) || 'git does not tell what it is')
}

import type { FileSearch, FoundFiles } from '#contract/runners/files'
import type { Place } from '../places/place.ts'
import { type Found, search } from './search.ts'

/** Not what a person means by the files of a project, and there are too many of them. */
const passedOver = new Set(['.git', '.hg', '.svn', 'node_modules'])

/** How far one look goes. What is nearer to the top is looked at first. */
interface Bounds {
  entries: number
  depth: number
  ms: number
}
const usual: Bounds = { entries: 50_000, depth: 20, ms: 2000 }

type Around = Pick<Place, 'folder'> & { files: Pick<Place['files'], 'entries'> }

/**
 * The names in a folder where agents may work, with its links resolved before that is judged. Links inside are named and not
 * followed, so nothing outside is seen.
 */
export function listFiles(place: Around, bounds = usual) {
  return async ({ folder, query }: FileSearch, signal: AbortSignal): Promise<FoundFiles> => {
    const { found, partial } = await walk(place, await place.folder(folder, ''), bounds, signal)
    return { ...search(found, query), partial }
  }
}

async function walk({ files }: Around, root: string, { entries, depth, ms }: Bounds, signal: AbortSignal) {
  const until = performance.now() + ms
  const found: Found[] = []
  let level = ['']
  for (let deep = 0; deep < depth; deep++) {
    const below: string[] = []
    for (const path of level) {
      if (signal.aborted || performance.now() > until) return { found, partial: true }
      for (const { name, folder } of await files.entries(`${root}/${path}`)) {
        if (passedOver.has(name)) continue
        if (found.length >= entries) return { found, partial: true }
        found.push({ path: folder ? `${path}${name}/` : `${path}${name}`, depth: deep })
        if (folder) below.push(`${path}${name}/`)
      }
    }
    level = below
    if (level.length === 0) return { found, partial: false }
  }
  return { found, partial: true }
}

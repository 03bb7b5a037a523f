import { type FoundFiles, maxFoundFiles } from '#contract/runners/files'

export interface Found {
  /** With `/`; a folder ends with it. */
  path: string
  /** 0: it lies at the top. */
  depth: number
}

/**
 * Those whose path fits what was typed, best first: the name begins with it, then holds it, then the path holds it, then its
 * letters come in this order. Of those that fit alike what lies nearer to the top comes first.
 */
export function search(found: readonly Found[], query: string): Pick<FoundFiles, 'paths' | 'more'> {
  const wanted = query.toLowerCase().replace(/^\.?\//, '')
  const ranked = wanted === '' ? atTheTop(found) : fitting(found, wanted)
  return { paths: ranked.slice(0, maxFoundFiles).map(({ path }) => path), more: ranked.length > maxFoundFiles }
}

function atTheTop(found: readonly Found[]): Found[] {
  const top = found.filter(({ depth }) => depth === 0)
  return top.sort((a, b) => Number(isFolder(b)) - Number(isFolder(a)) || compare(a.path, b.path))
}

function fitting(found: readonly Found[], wanted: string): Found[] {
  return found
    .map(one => ({ ...one, rank: rankOf(one.path.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank < none)
    .sort((a, b) => a.rank - b.rank || a.depth - b.depth || a.path.length - b.path.length || compare(a.path, b.path))
}

const isFolder = ({ path }: Found) => path.endsWith('/')

const none = 5

function rankOf(path: string, wanted: string): number {
  // Who typed a folder to its end looks for what lies in it.
  if (path === wanted && path.endsWith('/')) return none
  const name = path.slice(path.lastIndexOf('/', path.length - 2) + 1)
  if (path.startsWith(wanted)) return 0
  if (name.startsWith(wanted)) return 1
  if (name.includes(wanted)) return 2
  if (path.includes(wanted)) return 3
  return inOrder(path, wanted) ? 4 : none
}

function inOrder(path: string, wanted: string): boolean {
  let at = 0
  for (const letter of wanted) {
    at = path.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

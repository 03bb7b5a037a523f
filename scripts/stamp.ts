import { createHash, type Hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Tests and recorded transcripts never reach a bundle. */
const ignored = /(\.test\.tsx?|\.md)$|^(fixtures|node_modules)$/

/** Reading sizes and times instead of contents keeps the check of an unchanged tree within a few milliseconds. */
export function stampOf(root: string, inputs: string[]): string {
  const hash = createHash('sha256')
  for (const input of inputs) addPath(hash, root, input)
  return hash.digest('hex')
}

function addPath(hash: Hash, root: string, path: string): void {
  const stat = statSync(join(root, path), { throwIfNoEntry: false })
  if (stat?.isDirectory()) {
    for (const name of readdirSync(join(root, path)).sort())
      if (!ignored.test(name)) addPath(hash, root, `${path}/${name}`)
  } else {
    hash.update(`${path}\0${stat?.size}\0${stat?.mtimeMs}\n`)
  }
}

export function readStamps(file: string): Record<string, string> {
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {} // A half-written file only costs one rebuild.
  }
}

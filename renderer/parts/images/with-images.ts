import { count } from '../../lib/format.ts'

/** Behind the first line of a message that waits. */
export function withImages(n: number): string {
  return n === 0 ? '' : ` · ${count(n, 'image')}`
}

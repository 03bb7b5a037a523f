import { createHash } from 'node:crypto'
import type { Endpoint } from '#contract/endpoint'

export function etagOf(body: string): string {
  return `"${createHash('sha1').update(body).digest('base64url')}"`
}

const tags = /(?:W\/)?"[^"]*"/g

/** Whether If-None-Match names it: a weak tag stands for the strong one, `*` for any. */
export function isKnown(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  const wanted = header.trim()
  return wanted === '*' || (wanted.match(tags) ?? []).some(one => one.replace(/^W\//, '') === tag)
}

/** Whether If-Match names it: nothing weak is good enough to write over. */
export function isMeant(header: string, tag: string): boolean {
  const wanted = header.trim()
  return wanted === '*' || (wanted.match(tags) ?? []).some(one => one === tag)
}

type Addressed = Pick<Endpoint, 'method' | 'path'>

/**
 * The endpoint that reads what another one changes, and whose ETag an If-Match there speaks of: that of the same path, or of
 * the thing that the path lies under. What a POST to a list makes is not there yet.
 */
export function resourceOf<E extends Addressed>(changing: Addressed, endpoints: readonly E[]): E | undefined {
  if (changing.method === 'GET') return undefined
  return endpoints
    .filter(({ method, path }) => method === 'GET' && isOver(path, changing))
    .sort((one, other) => other.path.length - one.path.length)[0]
}

function isOver(path: string, { method, path: changing }: Addressed): boolean {
  if (path === changing) return method !== 'POST'
  return changing.startsWith(`${path}/`) && /\/:\w+$/.test(path)
}

import { visible } from '../lib/visible.ts'

/** Words of a person or an agent among ours: they keep their own direction, and what would deceive the eye is spelt out. */
export function Said({ children }: { children: string }) {
  return <bdi>{visible(children)}</bdi>
}

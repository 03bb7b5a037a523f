import { readable, visible } from '../lib/visible.ts'

interface Props {
  children: string
  /** It is judged before it is allowed: everything that is not seen is spelt out. */
  exact?: boolean
  className?: string
}

/**
 * What an agent or a person wrote, within words of ours. Its direction ends with it, and marks that would turn what
 * stands around it are spelt out. Use it wherever such text is shown; `isolated` where only a string fits.
 */
export function Said({ children, exact, className }: Props) {
  return <bdi className={className}>{exact ? visible(children) : readable(children)}</bdi>
}

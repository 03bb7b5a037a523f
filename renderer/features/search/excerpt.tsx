import type { SearchHit } from '#contract/runs/search'
import { readable } from '../../lib/visible.ts'
import styles from './search.module.css'

/** The place of an event where what was looked for stands, marked. */
export function Excerpt({ parts, mono }: { parts: SearchHit['excerpt']; mono: boolean }) {
  return (
    <bdi className={styles.excerpt} data-mono={mono || undefined}>
      {parts.map(({ text, hit }, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
        hit ? <mark key={at}>{readable(text)}</mark> : <span key={at}>{readable(text)}</span>
      )}
    </bdi>
  )
}

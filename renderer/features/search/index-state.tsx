import type { SearchIndex } from '#contract/runs/search'
import { count, date } from '../../lib/format.ts'
import { Glyph } from '../../ui/glyph.tsx'
import styles from './search.module.css'

/** How far older runs have been read, while they are. */
export function IndexState({ index: { complete, completeBackTo, runsLeft, rebuilt } }: { index: SearchIndex }) {
  if (complete) return null
  return (
    <div className={styles.index} role="status">
      <Glyph tone="running" />
      <b>Reading older runs</b>
      <span>at most {count(runsLeft, 'run')} left</span>
      {rebuilt && <span title={rebuilt.why}>The index could not be used and is made anew.</span>}
      <span className={styles.indexEnd}>
        {completeBackTo !== null && `Complete back to ${date(completeBackTo)}. `}Earlier hits are added below as they
        are found.
      </span>
    </div>
  )
}

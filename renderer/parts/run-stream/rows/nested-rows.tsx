import { type ComponentType, useState } from 'react'
import { count } from '../../../lib/format.ts'
import type { Row } from '../stream/rows.ts'
import styles from './nested-rows.module.css'

const shownAtOnce = 100

export interface RowProps {
  entry: string
  row: Row
  live: boolean
  stopped: boolean
}

interface Props {
  entry: string
  rows: readonly Row[]
  live: boolean
  stopped: boolean
  /** Draws one row. Handed in, because rows hold rows. */
  View: ComponentType<RowProps>
}

/** What a sub-agent did, inside its call. Only the latest hundred until the reader asks for more. */
export function NestedRows({ entry, rows, live, stopped, View }: Props) {
  const [shown, setShown] = useState(shownAtOnce)
  const hidden = Math.max(0, rows.length - shown)
  return (
    <>
      {hidden > 0 && (
        <button type="button" className={styles.more} onClick={() => setShown(shown + shownAtOnce)}>
          {count(hidden, 'earlier event')}
        </button>
      )}
      {rows.slice(hidden).map(row => (
        <View key={row.seq} entry={`${entry}:${row.seq}`} row={row} live={live} stopped={stopped} />
      ))}
    </>
  )
}

import { ArrowDown } from 'lucide-react'
import { count } from '../../../lib/format.ts'
import { Glyph } from '../../../ui/glyph.tsx'
import { Key } from '../../../ui/key.tsx'
import styles from './stream.module.css'

export function JumpPill({ fresh, waiting, onJump }: { fresh: number; waiting: boolean; onJump: () => void }) {
  const news = fresh > 0 ? `${count(fresh, 'new event')}, jump to latest` : 'Jump to latest'
  return (
    <button type="button" className={styles.jump} data-waiting={waiting || undefined} onClick={onJump}>
      {waiting && <Glyph tone="waiting" />}
      <span>{waiting ? 'Waiting for you, jump to latest' : news}</span>
      <ArrowDown size={14} aria-hidden />
      <Key>End</Key>
    </button>
  )
}

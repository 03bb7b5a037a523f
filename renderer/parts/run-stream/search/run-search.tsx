import { ChevronDown, ChevronUp, Search, X } from 'lucide-react'
import { type KeyboardEvent, useRef } from 'react'
import { keyLabel, useHotkeys } from '../../../lib/hotkeys.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Key } from '../../../ui/key.tsx'
import styles from './run-search.module.css'
import type { Found } from './use-run-search.ts'

interface Props {
  words: string
  onWords: (words: string) => void
  found: Found
  lastSeq: number
  /** Index of the hit that is shown, -1 before the first. */
  at: number
  onGo: (index: number) => void
}

/** Looks through the whole run. Enter goes on, with Shift back; Escape ends it. */
export function RunSearch({ words, onWords, found, lastSeq, at, onGo }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const { hits } = found
  const step = (by: number) => hits.length > 0 && onGo((at + by + hits.length) % hits.length)
  useHotkeys([
    { keys: 'mod+f', label: 'Search this run', inFields: true, run: () => field.current?.select() },
    { keys: 'mod+g', label: 'Next hit', inFields: true, run: () => step(1) }
  ])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') {
      onWords('')
      field.current?.blur()
    }
  }
  return (
    <search className={styles.search} aria-label="Search this run">
      <Search size={14} aria-hidden />
      <input
        ref={field}
        className={styles.field}
        aria-label="Search this run"
        placeholder="Search this run"
        value={words}
        onChange={event => onWords(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {words.trim() === '' ? (
        <Key>{keyLabel('mod+f')}</Key>
      ) : (
        <>
          <output className={styles.count} title={found.fault ?? undefined}>
            {countWords(found, lastSeq, at)}
          </output>
          <IconButton icon={ChevronUp} label="Previous hit" disabled={hits.length === 0} onClick={() => step(-1)} />
          <IconButton icon={ChevronDown} label="Next hit" disabled={hits.length === 0} onClick={() => step(1)} />
          <IconButton icon={X} label="End the search" onClick={() => onWords('')} />
        </>
      )}
    </search>
  )
}

function countWords({ hits, upTo, fault }: Found, lastSeq: number, at: number): string {
  if (fault !== null) return 'Not all was searched'
  const sum = hits.length.toLocaleString('en-US')
  if (upTo < lastSeq) return `${sum} in ${Math.round((100 * upTo) / lastSeq)}%`
  if (hits.length === 0) return 'Not found'
  return at < 0 ? sum : `${at + 1} of ${sum}`
}

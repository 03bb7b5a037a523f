import { ChevronDown, ChevronUp, Search, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { keyLabel, useHotkeys } from '../../../lib/hotkeys.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Key } from '../../../ui/key.tsx'
import styles from './run-search.module.css'
import type { Found } from './use-chain-search.ts'

interface Props {
  words: string
  onWords: (words: string) => void
  found: Found
  /** Index of the hit that is shown, -1 before the first. */
  at: number
  onGo: (index: number) => void
  /** Whether the field is there where it has to make room; `onShown` asks for it, or ends it. */
  shown: boolean
  onShown: (shown: boolean) => void
}

/** Looks through the whole chain that is shown. Enter goes on, with Shift back; Escape ends it. */
export function RunSearch({ words, onWords, found, at, onGo, shown, onShown }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const { hits } = found
  const step = (by: number) => hits.length > 0 && onGo((at + by + hits.length) % hits.length)
  useHotkeys([
    {
      keys: 'mod+f',
      label: 'Search this run',
      inFields: true,
      run: () => (shown ? field.current?.select() : onShown(true))
    },
    { keys: 'mod+g', label: 'Next hit', inFields: true, run: () => step(1) }
  ])
  useEffect(() => {
    if (shown) field.current?.select()
  }, [shown])
  const end = () => {
    onWords('')
    onShown(false)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') {
      end()
      field.current?.blur()
    }
  }
  return (
    <search className={styles.search} aria-label="Search this run" data-shown={shown || undefined}>
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
            {countWords(found, at)}
          </output>
          <IconButton icon={ChevronUp} label="Previous hit" disabled={hits.length === 0} onClick={() => step(-1)} />
          <IconButton icon={ChevronDown} label="Next hit" disabled={hits.length === 0} onClick={() => step(1)} />
          <IconButton icon={X} label="End the search" onClick={end} />
        </>
      )}
    </search>
  )
}

function countWords({ hits, share, fault }: Found, at: number): string {
  if (fault !== null) return 'Not all was searched'
  const sum = hits.length.toLocaleString('en-US')
  if (share < 1) return `${sum} in ${Math.floor(100 * share)}%`
  if (hits.length === 0) return 'Not found'
  return at < 0 ? sum : `${(at + 1).toLocaleString('en-US')} of ${sum}`
}

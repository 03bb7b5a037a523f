import { lazy, memo, Suspense, useMemo, useState } from 'react'
import { type AnsiSpan, ansiLines } from '../lib/ansi.ts'
import { count } from '../lib/format.ts'
import { useSearchWords } from './search-words.ts'
import styles from './terminal.module.css'
import { TerminalLine } from './terminal-line.tsx'

/** Lines of an output shown until the reader asks for more. */
export const clippedAt = 20
/** More than this is read over the whole window. */
const openedInPlace = 200

const TextViewer = lazy(() => import('./text-viewer.tsx').then(module => ({ default: module.TextViewer })))

/** Output as a terminal would show it, clipped at 20 lines until the reader opens it or looks for what stands below. */
export const Terminal = memo(function Terminal({ text, title = 'Output' }: { text: string; title?: string }) {
  const [all, setAll] = useState(false)
  const [whole, setWhole] = useState(false)
  const lines = useMemo(() => ansiLines(text.replace(/\n+$/, '')), [text])
  const lookedFor = useSearchWords(({ words }) => words.trim() !== '' && isBelow(lines, words.trim().toLowerCase()))
  const shown = lines.slice(0, all || lookedFor ? openedInPlace : clippedAt)
  const hidden = lines.length - shown.length
  return (
    <div className={styles.well}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard */}
      <pre className={styles.pre} tabIndex={0}>
        {shown.map((spans, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of an output never move
          <span key={i} className={styles.line}>
            <TerminalLine spans={spans} />
          </span>
        ))}
      </pre>
      {hidden > 0 && (
        <button
          type="button"
          className={styles.more}
          onClick={() => (lines.length > openedInPlace ? setWhole(true) : setAll(true))}
        >
          … {count(hidden, 'more line')}
        </button>
      )}
      {whole && (
        <Suspense fallback={null}>
          <TextViewer title={title} text={text} onClose={() => setWhole(false)} />
        </Suspense>
      )}
    </div>
  )
})

/** Whether words stand in the lines that are clipped. */
function isBelow(lines: readonly AnsiSpan[][], words: string): boolean {
  const textOf = (spans: readonly AnsiSpan[]) => spans.map(span => span.text).join('')
  return lines.slice(clippedAt).some(spans => textOf(spans).toLowerCase().includes(words))
}

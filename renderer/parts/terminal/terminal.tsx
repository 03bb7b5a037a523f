import { Fragment, lazy, memo, Suspense, useMemo, useState } from 'react'
import { type AnsiSpan, ansiLines } from '../../lib/ansi.ts'
import { count } from '../../lib/format.ts'
import { clipOf, type Stretch } from '../output-clip.ts'
import { useSearchWords } from '../search-words.ts'
import styles from './terminal.module.css'
import { TerminalLine } from './terminal-line.tsx'

/** More than this is read over the whole window. */
const openedInPlace = 200

const TextViewer = lazy(() => import('./text-viewer.tsx').then(module => ({ default: module.TextViewer })))

interface Props {
  text: string
  title?: string
  /** Its first error and its end show first. */
  failed?: boolean
}

/** Output as a terminal would show it, clipped at 20 lines until the reader opens it or looks for what is left out. */
export const Terminal = memo(function Terminal({ text, title = 'Output', failed = false }: Props) {
  const [all, setAll] = useState(false)
  const [whole, setWhole] = useState(false)
  const lines = useMemo(() => ansiLines(text.replace(/\n+$/, '')), [text])
  const clip = useMemo(() => clipOf(lines.map(textOf), failed), [lines, failed])
  const lookedFor = useSearchWords(
    ({ words }) => words.trim() !== '' && isLeftOut(lines, clip, words.trim().toLowerCase())
  )
  const stretches = all || lookedFor ? [{ from: 0, to: Math.min(lines.length, openedInPlace) }] : clip
  const more = () => (lines.length > openedInPlace ? setWhole(true) : setAll(true))
  return (
    <div className={styles.well}>
      {stretches.map(({ from, to }, i) => (
        <Fragment key={from}>
          <More hidden={from - (stretches[i - 1]?.to ?? 0)} onMore={more} />
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard */}
          <pre className={styles.pre} tabIndex={0}>
            {lines.slice(from, to).map((spans, line) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of an output never move
              <span key={from + line} className={styles.line}>
                <TerminalLine spans={spans} />
              </span>
            ))}
          </pre>
        </Fragment>
      ))}
      <More hidden={lines.length - (stretches.at(-1)?.to ?? 0)} onMore={more} />
      {whole && (
        <Suspense fallback={null}>
          <TextViewer title={title} text={text} onClose={() => setWhole(false)} />
        </Suspense>
      )}
    </div>
  )
})

function More({ hidden, onMore }: { hidden: number; onMore: () => void }) {
  if (hidden <= 0) return null
  return (
    <button type="button" className={styles.more} onClick={onMore}>
      … {count(hidden, 'more line')}
    </button>
  )
}

function textOf(spans: readonly AnsiSpan[]): string {
  return spans.map(span => span.text).join('')
}

/** Whether words stand in the lines that do not show. */
function isLeftOut(lines: readonly AnsiSpan[][], clip: readonly Stretch[], words: string): boolean {
  return lines.some(
    (spans, i) => !clip.some(({ from, to }) => i >= from && i < to) && textOf(spans).toLowerCase().includes(words)
  )
}

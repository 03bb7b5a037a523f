import { memo, useMemo, useState } from 'react'
import { type AnsiSpan, ansiLines } from '../lib/ansi.ts'
import { count } from '../lib/format.ts'
import styles from './terminal.module.css'

/** Lines of an output shown until the reader asks for more. */
export const clippedAt = 20
/** Lines are cut for the page beyond this; the whole text can be copied. */
const longestLine = 4000
const mostLines = 5000

/** Output as a terminal would show it, clipped at 20 lines until the reader opens it. */
export const Terminal = memo(function Terminal({ text }: { text: string }) {
  const [all, setAll] = useState(false)
  const lines = useMemo(() => ansiLines(text.replace(/\n+$/, '')), [text])
  const shown = lines.slice(0, all ? mostLines : clippedAt)
  const hidden = lines.length - shown.length
  return (
    <div className={styles.well}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard */}
      <pre className={styles.pre} tabIndex={0}>
        {shown.map((spans, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of an output never move
          <span key={i} className={styles.line}>
            <Line spans={spans} />
          </span>
        ))}
      </pre>
      {hidden > 0 && !all && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          … {count(hidden, 'more line')}
        </button>
      )}
      {hidden > 0 && all && (
        <p className={styles.cut}>{count(hidden, 'more line')} not shown here. Copy has them all.</p>
      )}
    </div>
  )
})

function Line({ spans }: { spans: AnsiSpan[] }) {
  let left = longestLine
  return spans.map((span, i) => {
    const text = span.text.slice(0, Math.max(0, left))
    left -= span.text.length
    if (text === '') return null
    const classes = [
      span.colour && styles[span.colour],
      ...modifiers.filter(name => span[name]).map(name => styles[name])
    ]
    const className = classes.filter(Boolean).join(' ')
    if (className === '' && left >= 0) return text
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line never move
      <span key={i} className={className || undefined}>
        {text}
        {left < 0 && '… line cut'}
      </span>
    )
  })
}

const modifiers = ['bold', 'dim', 'italic', 'underline'] as const

import type { AnsiSpan } from '../../lib/ansi.ts'
import { visible } from '../../lib/visible.ts'
import styles from './terminal.module.css'

/** Lines are cut for the page beyond this; the whole text can be copied. */
const longestLine = 4000

export function TerminalLine({ spans }: { spans: AnsiSpan[] }) {
  let left = longestLine
  return spans.map((span, i) => {
    const text = visible(span.text.slice(0, Math.max(0, left)))
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

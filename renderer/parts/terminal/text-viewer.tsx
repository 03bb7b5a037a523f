import { Copy } from 'lucide-react'
import { useMemo } from 'react'
import { ansiLines } from '../../lib/ansi.ts'
import { copy } from '../../lib/clipboard.ts'
import { count } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { FullScreen } from '../../ui/full-screen.tsx'
import styles from './terminal.module.css'
import { TerminalLine } from './terminal-line.tsx'

/** Lines that the browser lays out together; those out of sight it skips. */
const blockOf = 200
const mostLines = 50_000

/** A whole output, over the whole window. */
export function TextViewer({ title, text, onClose }: { title: string; text: string; onClose: () => void }) {
  const lines = useMemo(() => ansiLines(text.replace(/\n+$/, '')), [text])
  const blocks = []
  for (let from = 0; from < Math.min(lines.length, mostLines); from += blockOf) blocks.push(from)
  return (
    <FullScreen
      title={title}
      onClose={onClose}
      tools={
        <Button small icon={Copy} onClick={() => void copy(text)}>
          Copy
        </Button>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <pre className={styles.whole} tabIndex={0}>
        {blocks.map(from => (
          <span key={from} className={styles.block}>
            {lines.slice(from, from + blockOf).map((spans, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of an output never move
              <span key={from + i} className={styles.line}>
                <TerminalLine spans={spans} />
              </span>
            ))}
          </span>
        ))}
        {lines.length > mostLines &&
          `${count(lines.length - mostLines, 'more line')} not shown here. Copy has them all.`}
      </pre>
    </FullScreen>
  )
}

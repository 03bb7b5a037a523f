import { useMemo } from 'react'
import { duration } from '../../../lib/format.ts'
import styles from './ribbon.module.css'
import type { Span, SpanKind, Timeline } from './timeline.ts'

export const spanWords: Record<SpanKind, string> = {
  model: 'Model',
  tools: 'Tools',
  waiting: 'Waiting for you',
  error: 'Errors'
}

/** Narrower than this, in permille of the whole, cannot be seen: neighbours of a kind are drawn as one. */
const least = 2.5

interface Props {
  timeline: Timeline
  onJump: (seq: number) => void
}

/** The whole run in 7 px, in proportion to time. For the keyboard its jumps are in the Events menu. */
export function Ribbon({ timeline, onJump }: Props) {
  const { from, to, sums } = timeline
  const bars = useMemo(() => barsOf(timeline), [timeline])
  const words = (['model', 'tools', 'waiting'] as const)
    .filter(kind => sums[kind] > 0)
    .map(kind => `${spanWords[kind]} ${duration(sums[kind])}`)
  return (
    <div className={styles.ribbon} role="img" aria-label={`Where the time went: ${words.join(', ')}`}>
      {bars.map(bar => (
        // biome-ignore lint/a11y/noStaticElementInteractions: the Events menu has the same jumps for the keyboard
        // biome-ignore lint/a11y/useKeyWithClickEvents: the Events menu has the same jumps for the keyboard
        <i
          key={`${bar.kind}:${bar.seq}:${bar.from}`}
          className={styles.bar}
          data-kind={bar.kind}
          title={bar.kind === 'error' ? bar.name : `${bar.name}, ${duration(bar.to - bar.from)}`}
          style={{ left: share(bar.from - from, to - from), width: share(bar.to - bar.from, to - from) }}
          onClick={() => onJump(bar.seq)}
        />
      ))}
    </div>
  )
}

function share(part: number, whole: number): string {
  return `${(100 * part) / whole}%`
}

function barsOf({ from, to, spans }: Timeline): Span[] {
  const tooNarrow = ((to - from) * least) / 1000
  const bars: Span[] = []
  for (const span of spans) {
    const last = bars.at(-1)
    const joins = last?.kind === span.kind && span.from - last.to < tooNarrow
    if (last && (joins || (span.kind !== 'error' && span.to - span.from < tooNarrow))) {
      bars[bars.length - 1] = { ...last, to: Math.max(last.to, span.to) }
    } else bars.push(span)
  }
  return bars
}

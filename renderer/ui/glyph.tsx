import type { ReactNode } from 'react'
import styles from './glyph.module.css'

/** States of the design language: the only place where state becomes colour and silhouette. */
export type Tone = 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'cancelled' | 'idle' | 'stopped' | 'paused'

const shapes: Record<Tone, ReactNode> = {
  queued: <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.4 2.3" />,
  running: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeOpacity=".28" strokeWidth="2" />
      <path
        className={styles.spin}
        d="M8 2a6 6 0 0 1 5.2 9"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <circle cx="8" cy="8" r="2" fill="currentColor" />
    </>
  ),
  waiting: (
    <>
      <path d="M8 .9 15.1 8 8 15.1.9 8Z" fill="currentColor" />
      <path d="M8 4.6v4.1" stroke="var(--g-ink)" strokeWidth="1.7" strokeLinecap="round" />
      <circle cx="8" cy="11" r="1" fill="var(--g-ink)" />
    </>
  ),
  done: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path
        d="m4.9 8.2 2.2 2.2 4.1-4.5"
        fill="none"
        stroke="var(--g-ink)"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  failed: (
    <>
      <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Z" fill="currentColor" />
      <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" stroke="var(--g-ink)" strokeWidth="1.7" strokeLinecap="round" />
    </>
  ),
  cancelled: (
    <>
      <circle cx="8" cy="8" r="6.1" fill="none" stroke="currentColor" strokeWidth="1.7" />
      <path d="m3.8 12.2 8.4-8.4" stroke="currentColor" strokeWidth="1.7" />
    </>
  ),
  idle: <circle cx="8" cy="8" r="4" fill="none" stroke="currentColor" strokeWidth="1.7" />,
  stopped: <rect x="3.5" y="3.5" width="9" height="9" rx="1.5" fill="none" stroke="currentColor" strokeWidth="1.7" />,
  paused: <path d="M5.2 3v10M10.8 3v10" fill="none" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />
}

/** Without a `label` the word must stand beside it. */
export function Glyph({ tone, size = 14, label }: { tone: Tone; size?: number; label?: string }) {
  const name = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true }
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: a title would become a tooltip; the name is an aria-label
    <svg className={`${styles.glyph} ${styles[tone]}`} width={size} height={size} viewBox="0 0 16 16" {...name}>
      {shapes[tone]}
    </svg>
  )
}

export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`${styles.status} ${styles[tone]}`}>
      <Glyph tone={tone} />
      <span className="truncate">{children}</span>
    </span>
  )
}

export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`${styles.pill} ${styles[tone]}`}>
      <Glyph tone={tone} />
      {children}
    </span>
  )
}

import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Glyph, type Tone } from '../glyph.tsx'
import styles from './in-words.module.css'

/** What a form amounts to, beside it, worked out as it is filled in. */
export function InWordsAside({ sentence, children }: { sentence: ReactNode; children: ReactNode }) {
  return (
    <aside className={styles.words} aria-label="In words">
      <p className={styles.label}>In words</p>
      <h2 className={styles.sentence}>{sentence}</h2>
      {children}
    </aside>
  )
}

export function WordsPart({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h3>{title}</h3>
      <ul>{children}</ul>
    </section>
  )
}

export function WordsFact({ icon: Icon, tone, children }: { icon?: LucideIcon; tone?: Tone; children: ReactNode }) {
  return (
    <li className={styles.fact}>
      {Icon && <Icon size={14} aria-hidden />}
      {tone && <Glyph tone={tone} />}
      <span>{children}</span>
    </li>
  )
}

import type { LucideIcon } from 'lucide-react'
import { Copy } from 'lucide-react'
import type { ReactNode } from 'react'
import { copy } from '../lib/clipboard.ts'
import { Button } from './button.tsx'
import { Glyph } from './glyph.tsx'
import styles from './notice.module.css'

/** One bold line, one sentence, one action. */
export function Empty({
  icon: Icon,
  title,
  children,
  action
}: {
  icon?: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={styles.empty}>
      {Icon && <Icon size={22} strokeWidth={1.5} aria-hidden />}
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}

/** What failed, what it means, what to do. It replaces only the region that failed. */
export function Problem({
  title,
  children,
  details,
  action
}: {
  title: string
  children?: ReactNode
  details?: string
  action?: ReactNode
}) {
  return (
    <div className={styles.problem} role="alert">
      <h2>
        <Glyph tone="failed" />
        {title}
      </h2>
      {children && <p>{children}</p>}
      <div className={styles.actions}>
        {action}
        {details && (
          <Button small icon={Copy} onClick={() => void copy(details)}>
            Copy details
          </Button>
        )}
      </div>
    </div>
  )
}

/** Placeholder rows in the geometry of what comes; they show only after 300 ms. */
export function SkeletonRows({ rows = 8, height }: { rows?: number; height: number }) {
  const style = { height }
  return (
    <div className={styles.skeleton} aria-hidden>
      {Array.from({ length: Math.min(rows, 8) }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no other name
        <div key={i} className={styles.bone} style={style}>
          <i data-width={i % 3} />
          <i />
        </div>
      ))}
    </div>
  )
}

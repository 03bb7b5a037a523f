import type { LucideIcon } from 'lucide-react'
import { Link } from 'wouter'
import styles from './views.module.css'

export interface View {
  title: string
  href: string
  icon?: LucideIcon
  on: boolean
}

/** The same things shown in one way or another; which one stands in the URL. */
export function Views({ views }: { views: readonly View[] }) {
  return (
    <nav className={styles.views} aria-label="View">
      {views.map(({ title, href, icon: Icon, on }) => (
        <Link key={title} href={href} aria-current={on ? 'true' : undefined}>
          {Icon && <Icon size={14} aria-hidden />} {title}
        </Link>
      ))}
    </nav>
  )
}

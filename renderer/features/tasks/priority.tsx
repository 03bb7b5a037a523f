import type { TaskPriority } from '#contract/work/tasks'
import styles from './task-card.module.css'
import { priorityTitles } from './task-filters.ts'

const bars: Record<TaskPriority, number> = { low: 1, normal: 2, high: 3 }

/** Bars with the word; the usual priority is not worth its word. */
export function Priority({ priority }: { priority: TaskPriority }) {
  return (
    <span className={styles.priority}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden>
        {[1, 2, 3].map(n => (
          <rect
            key={n}
            x={(n - 1) * 4 + 1}
            y={10 - n * 3}
            width="2.4"
            height={n * 3}
            rx="0.6"
            fill="currentColor"
            opacity={n <= bars[priority] ? 1 : 0.28}
          />
        ))}
      </svg>
      <span className={priority === 'normal' ? 'hidden-label' : undefined}>{priorityTitles[priority]}</span>
    </span>
  )
}

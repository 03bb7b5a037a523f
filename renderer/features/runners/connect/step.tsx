import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './connect.module.css'

interface Props {
  number: number
  title: string
  state: 'done' | 'current' | 'later'
  children?: ReactNode
}

/** Later ones are muted but seen: one knows what is to come. */
export function Step({ number, title, state, children }: Props) {
  return (
    <li className={styles.step} data-state={state} aria-current={state === 'current' ? 'step' : undefined}>
      <span className={styles.ring}>
        {state === 'done' ? <Check size={13} strokeWidth={2.5} aria-label="Done:" /> : number}
      </span>
      <div>
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  )
}

import { Command } from 'cmdk'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Said } from '../../ui/said.tsx'
import styles from './palette.module.css'

interface Props {
  /** Unique; what is searched stands in the keywords. */
  value: string
  keywords?: string[]
  icon: LucideIcon
  title: string
  note?: string
  end?: ReactNode
  /** A second line: what exactly will happen. */
  facts?: readonly string[]
  onSelect: () => void
}

export function Entry({ value, keywords, icon: Icon, title, note, end, facts, onSelect }: Props) {
  return (
    <Command.Item value={value} keywords={keywords} className={styles.item} onSelect={onSelect}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <span className={styles.title}>
        <Said exact>{title}</Said>
      </span>
      {note && (
        <span className={styles.note}>
          <Said exact>{note}</Said>
        </span>
      )}
      <span className={styles.end}>{end}</span>
      {facts && (
        <span className={styles.facts}>
          {facts.map(fact => (
            <span key={fact}>
              <Said exact>{fact}</Said>
            </span>
          ))}
        </span>
      )}
    </Command.Item>
  )
}

import { Command } from 'cmdk'
import type { LucideIcon } from 'lucide-react'
import { createContext, type ReactNode, useContext } from 'react'
import { visible } from '../../lib/visible.ts'
import { Said } from '../../ui/said.tsx'
import styles from './palette.module.css'
import { marked } from './rank.ts'

/** What is looked for, to be marked where it was found. */
export const Words = createContext('')

interface Props {
  /** Unique; what is searched stands in the keywords. */
  value: string
  keywords?: string[]
  icon?: LucideIcon
  /** In place of an icon. */
  mark?: ReactNode
  title: string
  note?: string
  end?: ReactNode
  /** A second line: what exactly will happen. */
  facts?: readonly string[]
  danger?: boolean
  onSelect: () => void
}

export function Entry({ value, keywords, icon: Icon, mark, title, note, end, facts, danger, onSelect }: Props) {
  const parts = marked(visible(title), useContext(Words))
  return (
    <Command.Item
      value={value}
      keywords={keywords}
      className={styles.item}
      data-danger={danger || undefined}
      onSelect={onSelect}
    >
      {mark ?? (Icon && <Icon size={16} strokeWidth={1.75} aria-hidden />)}
      <bdi className={styles.title}>
        {parts.map(({ text, hit }, at) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
          hit ? <b key={at}>{text}</b> : text
        )}
      </bdi>
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

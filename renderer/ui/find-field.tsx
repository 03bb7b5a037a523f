import type { LucideIcon } from 'lucide-react'
import { type InputHTMLAttributes, useRef } from 'react'
import { useHotkeys } from '../lib/hotkeys.ts'
import styles from './find-field.module.css'
import { Shortcut } from './key.tsx'

type OfInput = 'placeholder' | 'spellCheck' | 'autoComplete' | 'aria-describedby' | 'aria-invalid' | 'maxLength'

interface Props extends Pick<InputHTMLAttributes<HTMLInputElement>, OfInput> {
  icon: LucideIcon
  label: string
  /** Of `/` in the list of keys. */
  keyLabel: string
  text: string
  onText: (text: string) => void
  onEnter?: (() => void) | undefined
  /** The field is left. */
  onEscape: () => void
  /** For another size. */
  className?: string | undefined
}

/** The one field of a page in which is typed what is looked for; `/` leads to it. */
export function FindField(props: Props) {
  const { icon: Icon, label, keyLabel, text, onText, onEnter, onEscape, className = '', ...input } = props
  const field = useRef<HTMLInputElement>(null)
  useHotkeys([{ keys: '/', label: keyLabel, run: () => field.current?.select() }])
  return (
    <label className={`${styles.field} ${className}`}>
      <Icon size={14} aria-hidden />
      <span className="hidden-label">{label}</span>
      <input
        maxLength={200}
        {...input}
        ref={field}
        type="search"
        value={text}
        onChange={event => onText(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') onEnter?.()
          if (event.key !== 'Escape') return
          onEscape()
          event.currentTarget.blur()
        }}
      />
      <span className={styles.slash} aria-hidden>
        <Shortcut keys="/" />
      </span>
    </label>
  )
}

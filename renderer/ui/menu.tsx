import type { LucideIcon } from 'lucide-react'
import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import styles from './menu.module.css'

interface MenuProps {
  trigger: ReactNode
  align?: 'start' | 'end'
  open?: boolean
  onOpenChange?: (open: boolean) => void
  children: ReactNode
}

/** Not modal: the modal kind injects a style tag, which the Content-Security-Policy forbids. It lies in the page's landmark. */
export function Menu({ trigger, align = 'start', open, onOpenChange, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} open={open} onOpenChange={onOpenChange}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.querySelector('main')}>
        <DropdownMenu.Content
          className={styles.menu}
          align={align}
          sideOffset={5}
          collisionPadding={8}
          // It may be taller than the window: then it scrolls, also by keyboard.
          tabIndex={0}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

interface ItemProps {
  icon?: LucideIcon
  /** Second line: what it will do. */
  note?: ReactNode
  /** One of several, chosen or not. */
  checked?: boolean
  /** The menu stays, for more choices. */
  keepOpen?: boolean
  onSelect: () => void
  children: ReactNode
}

export function MenuItem({ icon: Icon, note, checked, keepOpen, onSelect, children }: ItemProps) {
  return (
    <DropdownMenu.Item
      className={styles.item}
      onSelect={event => {
        if (keepOpen) event.preventDefault()
        onSelect()
      }}
    >
      {(Icon || checked !== undefined) && (
        <span className={styles.mark}>
          {Icon && <Icon size={14} aria-hidden />}
          {checked && <Check size={14} aria-label="Chosen" />}
        </span>
      )}
      <span className={styles.text}>
        <span className={styles.words}>{children}</span>
        {note && <span className={styles.note}>{note}</span>}
      </span>
    </DropdownMenu.Item>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className={styles.label}>{children}</DropdownMenu.Label>
}

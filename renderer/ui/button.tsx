import type { LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { Link } from 'wouter'
import { keyLabel, useKeys } from '../lib/hotkeys.ts'
import styles from './button.module.css'
import { Tooltip } from './tooltip.tsx'

interface Look {
  look?: 'default' | 'primary' | 'ghost' | 'danger'
  small?: boolean
  icon?: LucideIcon
  /** The icon is a solid shape. */
  filled?: boolean
  /** Key that does the same, shown on the control. */
  hotkey?: string
}

type ButtonProps = ComponentProps<'button'> & Look

export function Button({ look = 'default', small, icon, filled, hotkey, children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={classOf(look, small)}>
      <Content icon={icon} filled={filled} hotkey={hotkey}>
        {children}
      </Content>
    </button>
  )
}

/** For an anchor that looks like a button: put it on the element and `ButtonContent` inside. */
export function classOf(look: NonNullable<Look['look']> = 'default', small = false): string {
  return [styles.button, styles[look], small ? styles.small : ''].filter(Boolean).join(' ')
}

export function Content({
  icon: Icon,
  filled,
  hotkey,
  children
}: Pick<Look, 'icon' | 'filled' | 'hotkey'> & { children: ReactNode }) {
  const keys = useKeys(hotkey)
  return (
    <>
      {Icon && <Icon size={filled ? 12 : 14} strokeWidth={2} fill={filled ? 'currentColor' : 'none'} aria-hidden />}
      <span>{children}</span>
      {keys && (
        <span className={styles.key} aria-hidden>
          {keyLabel(keys)}
        </span>
      )}
    </>
  )
}

type IconButtonProps = ComponentProps<'button'> & { icon: LucideIcon; label: string; hotkey?: string }

export function IconButton({ icon: Icon, label, hotkey, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} hotkey={hotkey}>
      <button type="button" aria-label={label} {...rest} className={styles.icon}>
        <Icon size={15} strokeWidth={1.75} aria-hidden />
      </button>
    </Tooltip>
  )
}

/** An icon that leads to another page. */
export function IconLink({ icon: Icon, label, href }: { icon: LucideIcon; label: string; href: string }) {
  return (
    <Tooltip text={label}>
      <Link href={href} aria-label={label} className={styles.icon}>
        <Icon size={15} strokeWidth={1.75} aria-hidden />
      </Link>
    </Tooltip>
  )
}

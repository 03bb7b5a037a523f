import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { keyLabel } from '../lib/hotkeys.ts'
import styles from './tooltip.module.css'

export const TooltipProvider = Radix.Provider

interface Props {
  text: ReactNode
  hotkey?: string
  side?: 'top' | 'right' | 'bottom' | 'left'
  children: ReactNode
}

/** Never the only place of a fact: it opens on focus too, but not for touch. */
export function Tooltip({ text, hotkey, side = 'bottom', children }: Props) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.tooltip} side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {hotkey && <span className={styles.key}>{keyLabel(hotkey)}</span>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { keyLabel, useKeys } from '../lib/hotkeys.ts'
import { useNarrow } from '../lib/narrow.ts'
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
  const keys = useKeys(hotkey)
  // Fingers do not hover, and over a drawer Esc would put away the tooltip instead.
  if (useNarrow()) return children
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.tooltip} side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {keys && <span className={styles.key}>{keyLabel(keys)}</span>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

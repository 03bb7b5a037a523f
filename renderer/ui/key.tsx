import { Fragment, type ReactNode } from 'react'
import { keyLabel, useKeys } from '../lib/hotkeys.ts'
import styles from './key.module.css'

export function Key({ children }: { children: ReactNode }) {
  return <kbd className={styles.key}>{children}</kbd>
}

/** A key of ours as this person has to press it; nothing while it is turned off. */
export function Shortcut({ keys }: { keys: string }) {
  const own = useKeys(keys)
  return own && <Steps keys={own} />
}

/** Keys one after the other, each drawn as one. */
export function Steps({ keys }: { keys: string }) {
  return keys.split(' ').map((step, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a key never move
    <Fragment key={at}>
      {at > 0 && ' '}
      <Key>{keyLabel(step)}</Key>
    </Fragment>
  ))
}

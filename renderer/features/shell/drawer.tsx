import { type ReactNode, type TouchEvent, useEffect, useRef } from 'react'
import styles from './drawer.module.css'

/** So far to the left a finger moves before it means to put the drawer away. */
const swipePx = 60

/** The navigation over the page: it holds the focus and goes by ×, the page behind, Esc or a swipe. */
export function Drawer({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null)
  const from = useRef<number | null>(null)
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  const onTouchMove = (event: TouchEvent) => {
    const x = event.touches[0]?.clientX
    if (from.current !== null && x !== undefined && from.current - x > swipePx) ref.current?.close()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click on the backdrop only repeats what Escape does
    <dialog
      ref={ref}
      className={styles.drawer}
      aria-label="Navigation"
      onClose={onClose}
      onClick={event => event.target === ref.current && ref.current?.close()}
      onTouchStart={event => {
        from.current = event.touches[0]?.clientX ?? null
      }}
      onTouchMove={onTouchMove}
    >
      {children}
    </dialog>
  )
}

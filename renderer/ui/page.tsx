import { ArrowLeft, Menu } from 'lucide-react'
import { createContext, type ReactNode, useContext } from 'react'
import { useNarrow } from '../lib/narrow.ts'
import { IconLink } from './button.tsx'
import styles from './page.module.css'

/** How the navigation is opened where it is not beside the page; null where it is. */
export const MenuContext = createContext<{ open: () => void; waiting: number } | null>(null)

interface Props {
  /** The page above; where there is one column, it stands in place of the menu. */
  back?: { href: string; label: string }
  children: ReactNode
}

/** The bar on top of every page. */
export function Bar({ back, children }: Props) {
  const narrow = useNarrow()
  return (
    <header className={styles.bar}>
      {narrow && (back ? <IconLink icon={ArrowLeft} label={back.label} href={back.href} /> : <MenuButton />)}
      {children}
    </header>
  )
}

function MenuButton() {
  const menu = useContext(MenuContext)
  if (!menu) return null
  const { open, waiting } = menu
  return (
    <button
      type="button"
      className={styles.menu}
      aria-label={waiting > 0 ? `Menu, ${waiting} waiting` : 'Menu'}
      aria-haspopup="dialog"
      onClick={open}
    >
      <Menu size={18} strokeWidth={1.75} aria-hidden />
      {waiting > 0 && <span className={styles.waiting}>{waiting}</span>}
    </button>
  )
}

export function Title({ children }: { children: ReactNode }) {
  return <h1 className={styles.title}>{children}</h1>
}

/** Pushes what follows to the far side. */
export function Gap() {
  return <span className={styles.gap} />
}

import type { Menu } from 'electron'

/** What spy.cjs wrote down, and the answers that it gives for the user. */
export interface Seen {
  trayMenu: Menu | null
  trayTip: string
  overlay: { color: string; symbolColor: string } | null
  badge: number
  /** The computer is kept from falling asleep. */
  awake: boolean
  notifications: { title: string; body: string; withdrawn?: boolean; emit(event: string): void }[]
  opened: string[]
  popups: Menu[]
  questions: string[]
  answer: { response: number; checkboxChecked: boolean }
  folder: { canceled: boolean; filePaths: string[] }
}

import { Notification } from 'electron'
import type { Change } from '#contract/live'
import type { Notice, NoticeSettings } from '#contract/notices'
import { noteOf, sample, tellOf } from '#contract/telling'

interface Desk {
  settings(): NoticeSettings
  /** Path of the page that the user looks at; null when the window has no focus. */
  focusedPage(): string | null
  open(page: string): void
}

/** Notifications that are kept to be clicked, and notices remembered as told. */
const mostKept = 50
const mostTold = 1000

/** Tells by notifications of the system. */
export function notifyOf({ settings, focusedPage, open }: Desk): { hear(change: Change): void } {
  // Without a reference the system's notification loses its click.
  const shown = new Map<string, Notification>()

  function show({ key, title, body, page }: Notice, silent: boolean): void {
    if (!Notification.isSupported()) return
    withdraw(key)
    const notification = new Notification({ title, body, silent })
    notification.on('click', () => {
      shown.delete(key)
      open(page)
    })
    notification.on('failed', () => shown.delete(key))
    shown.set(key, notification)
    for (const old of [...shown.keys()].slice(0, -mostKept)) withdraw(old)
    notification.show()
  }

  function withdraw(key: string): void {
    shown.get(key)?.close()
    shown.delete(key)
  }

  return tellOf({ settings, focusedPage, note: noteOf(new Set(), mostTold), show, withdraw })
}

let tried: Notification | null = null

/** False where this system takes no notifications. */
export function tryNotification({ sound }: NoticeSettings): boolean {
  if (!Notification.isSupported()) return false
  tried?.close()
  tried = new Notification({ ...sample, silent: !sound })
  tried.show()
  return true
}

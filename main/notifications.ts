import { Notification } from 'electron'
import type { Change } from '#contract/live'
import { type Notice, noticeOf, settledBy, summaryOf } from './notices.ts'

interface Desk {
  /** Path of the page that the user looks at; null when the window has no focus. */
  focusedPage(): string | null
  open(page: string): void
}

/** What comes within this time is told together. */
const gatherMs = 500
/** More at once than this become one. */
const mostAtOnce = 3
/** Notifications that are kept to be clicked, and runs remembered as told. */
const mostKept = 50
const mostTold = 1000

/** Tells of agents that wait and runs that failed, each once, unless the window shows it already. */
export function notifyOf(desk: Desk): { hear(change: Change): void } {
  // Without a reference the system's notification loses its click.
  const shown = new Map<string, Notification>()
  const told = new Set<string>()
  const gathered = new Map<string, Notice>()

  function hear(change: Change): void {
    const settled = settledBy(change)
    if (settled !== null) withdraw(settled)
    const notice = noticeOf(change)
    if (notice === null || told.has(notice.key)) return
    remember(notice.key)
    gathered.set(notice.key, notice)
    if (gathered.size === 1) setTimeout(tell, gatherMs)
  }

  function tell(): void {
    const page = desk.focusedPage()
    const unseen = [...gathered.values()].filter(({ seenOn }) => page === null || !seenOn.includes(page))
    gathered.clear()
    if (unseen.length > mostAtOnce) show(summaryOf(unseen))
    else unseen.forEach(show)
  }

  function show({ key, title, body, page }: Notice): void {
    if (!Notification.isSupported()) return
    withdraw(key)
    const notification = new Notification({ title, body })
    notification.on('click', () => {
      shown.delete(key)
      desk.open(page)
    })
    notification.on('failed', () => shown.delete(key))
    shown.set(key, notification)
    for (const old of [...shown.keys()].slice(0, -mostKept)) withdraw(old)
    notification.show()
  }

  function withdraw(key: string): void {
    gathered.delete(key)
    shown.get(key)?.close()
    shown.delete(key)
  }

  function remember(key: string): void {
    told.add(key)
    for (const old of told) {
      if (told.size <= mostTold) break
      told.delete(old)
    }
  }

  return { hear }
}

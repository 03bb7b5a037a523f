import type { Change } from './live.ts'
import { isQuiet, type Notice, type NoticeSettings, noticeOf, settledBy, summaryOf } from './notices.ts'

/** What tells a person: a desktop, or a page in a browser. */
export interface Teller {
  settings(): NoticeSettings
  /** Path of the page that the person looks at; null when none has the focus. */
  focusedPage(): string | null
  /** Notes that it is told; false: it was before. */
  note(key: string): boolean
  show(notice: Notice, silent: boolean): void
  withdraw(key: string): void
}

/** What comes within this time is told together. */
const gatherMs = 500
/** More at once than this become one. */
const mostAtOnce = 3

/** Tells of what a person wants to hear of, each once, unless they see it already. */
export function tellOf(teller: Teller): { hear(change: Change): void } {
  const gathered = new Map<string, Notice>()

  function hear(change: Change): void {
    const settled = settledBy(change)
    if (settled !== null) {
      gathered.delete(settled)
      teller.withdraw(settled)
    }
    const settings = teller.settings()
    const notice = noticeOf(change, Date.now())
    if (notice === null || !settings[notice.kind] || isQuiet(settings, new Date()) || !teller.note(notice.key)) return
    gathered.set(notice.key, notice)
    if (gathered.size === 1) setTimeout(tell, gatherMs)
  }

  function tell(): void {
    const page = teller.focusedPage()
    const unseen = [...gathered.values()].filter(({ seenOn }) => page === null || !seenOn.includes(page))
    gathered.clear()
    const silent = !teller.settings().sound
    const told = unseen.length > mostAtOnce ? [summaryOf(unseen)] : unseen
    for (const notice of told) teller.show(notice, silent)
  }

  return { hear }
}

/** Remembers which keys were told, the latest so many. */
export function noteOf(told: Set<string>, most: number): Teller['note'] {
  return key => {
    if (told.has(key)) return false
    told.add(key)
    for (const old of told) {
      if (told.size <= most) break
      told.delete(old)
    }
    return true
  }
}

/** To see whether notices reach this person. */
export const sample: Pick<Notice, 'title' | 'body'> = {
  title: 'Flotilla',
  body: 'This is how it tells you that an agent needs you.'
}

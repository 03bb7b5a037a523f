import { type Notice, noticeSettings } from '#contract/notices'
import { noteOf, sample, tellOf } from '#contract/telling'
import { onChanges } from '../../lib/live.ts'
import { remember, remembered } from '../../lib/storage.ts'
import { useNotices } from './notices.ts'

/** `away`: the browser has none here, such as on a page that came without TLS from another computer. */
export type NoticePermission = NotificationPermission | 'away'

export function noticePermission(): NoticePermission {
  return 'Notification' in window && window.isSecureContext ? Notification.permission : 'away'
}

export async function askForNotices(): Promise<NoticePermission> {
  if (noticePermission() !== 'away') await Notification.requestPermission()
  return noticePermission()
}

/** Tells when the person changes it in the browser. Returns how to stop. */
export function onNoticePermission(tell: () => void): () => void {
  const stop = new AbortController()
  navigator.permissions
    ?.query({ name: 'notifications' })
    .then(status => status.addEventListener('change', tell, { signal: stop.signal }))
    // One that cannot be watched is seen when the page is opened again.
    .catch(() => undefined)
  return () => stop.abort()
}

const mostTold = 200
const shown = new Map<string, Notification>()

/** The page of a browser tells while it is open, also in the background. Returns how to stop. */
export function tellInBrowser(open: (page: string) => void): () => void {
  const teller = tellOf({
    settings: () => useNotices.getState() ?? noticeSettings.parse({}),
    focusedPage: () => (document.hasFocus() ? location.pathname : null),
    note,
    show(notice, silent) {
      show(notice, silent)?.addEventListener('click', () => {
        window.focus()
        open(notice.page)
      })
    },
    withdraw(key) {
      shown.get(key)?.close()
      shown.delete(key)
    }
  })
  return onChanges(changes => {
    if (noticePermission() === 'granted') for (const change of changes) teller.hear(change)
  })
}

/** False where the browser takes none from a page. */
export function tryInBrowser(): boolean {
  const silent = !useNotices.getState()?.sound
  return show({ ...sample, key: 'sample' }, silent) !== null
}

/** Tabs of one browser share what was told. */
function note(key: string): boolean {
  const told = new Set(remembered<string[]>('told', []))
  const isNew = noteOf(told, mostTold)(key)
  if (isNew) remember('told', [...told])
  return isNew
}

function show({ key, title, body }: Pick<Notice, 'key' | 'title' | 'body'>, silent: boolean): Notification | null {
  try {
    const notification = new Notification(title, { body, silent, tag: key, icon: '/icon.svg' })
    shown.set(key, notification)
    notification.addEventListener('close', () => shown.delete(key))
    return notification
  } catch {
    // On phones a page may not, though it may ask.
    return null
  }
}

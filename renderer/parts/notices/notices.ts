import { create } from 'zustand'
import { type NoticeSettings, noticeSettings } from '#contract/notices'
import { desktopNotices } from '../../lib/bridge.ts'
import { remember, remembered } from '../../lib/storage.ts'

const name = 'notices'

/** What this desktop or browser tells of. null: the desktop has not said yet. */
export const useNotices = create<NoticeSettings | null>(() =>
  desktopNotices() ? null : noticeSettings.parse(remembered(name, {}))
)

const tell = (settings: NoticeSettings) => useNotices.setState(settings, true)

/** Rejects where the desktop cannot be asked. */
export async function readNotices(): Promise<void> {
  const desktop = desktopNotices()
  if (desktop) tell(await desktop.notices())
}

export async function setNotices(change: Partial<NoticeSettings>): Promise<void> {
  const desktop = desktopNotices()
  if (desktop) return tell(await desktop.notices(change))
  // Another tab may have changed the others.
  tell(noticeSettings.parse({ ...remembered(name, {}), ...change }))
  remember(name, useNotices.getState())
}

/** What is set in one tab holds in all. */
window.addEventListener('storage', () => {
  if (!desktopNotices()) tell(noticeSettings.parse(remembered(name, {})))
})

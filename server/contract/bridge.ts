import type { NoticeSettings } from './notices.ts'

/** What the desktop adds to the page as `window.flotilla`; in a browser it is not there. */
export interface Bridge {
  appVersion: string
  /** Asks for a folder with the dialog of the operating system; null when it was closed. */
  pickFolder(): Promise<string | null>
  /** Shows a folder in the file manager; false where no such folder is on this computer. Opens nothing of what lies in it. */
  showFolder(path: string): Promise<boolean>
  /** Gives this window a fresh login, for one that expired. */
  signIn(): Promise<void>
  /** What this desktop tells of by notifications of the system, once the change is kept. */
  notices(change?: Partial<NoticeSettings>): Promise<NoticeSettings>
  /** Shows one to see how that is; false where the system takes none. */
  tryNotice(): Promise<boolean>
  /**
   * Hears of pages that the tray, a notification or a link outside wants to be shown, as paths: `/runs/…`. One that came before
   * anybody listened is told at once. Returns how to stop listening.
   */
  onOpenPage(listen: (path: string) => void): () => void
}

/** IPC channel of `pickFolder`. */
export const pickFolderChannel = 'flotilla:pick-folder'

/** IPC channel of `showFolder`. */
export const showFolderChannel = 'flotilla:show-folder'

/** IPC channel of `signIn`. */
export const signInChannel = 'flotilla:sign-in'

/** IPC channel of `notices`. */
export const noticesChannel = 'flotilla:notices'

/** IPC channel of `tryNotice`. */
export const tryNoticeChannel = 'flotilla:try-notice'

/** IPC channel by which the main process asks for a page. */
export const openPageChannel = 'flotilla:open-page'

/** Argument by which the main process tells the preload the version. */
export const appVersionArgument = '--flotilla-version='

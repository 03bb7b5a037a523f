import type { Bridge } from '#contract/bridge'

declare global {
  interface Window {
    /** What the desktop's preload adds; a browser has none of it. */
    flotilla?: Bridge
  }
}

export function folderPicker(): Bridge['pickFolder'] | undefined {
  return window.flotilla?.pickFolder
}

export function folderShower(): Bridge['showFolder'] | undefined {
  return window.flotilla?.showFolder
}

/** How the desktop gives this window a new login; undefined in a browser. */
export function desktopSignIn(): Bridge['signIn'] | undefined {
  return window.flotilla?.signIn
}

/** Hears of pages that the tray, a notification or a link outside asks for. Returns how to stop. */
export function onOpenPage(listen: (path: string) => void): (() => void) | undefined {
  return window.flotilla?.onOpenPage(listen)
}

/** null in a browser. */
export function desktopVersion(): string | null {
  return window.flotilla?.appVersion ?? null
}

/** The notifications of the desktop; undefined in a browser, which has its own. */
export function desktopNotices(): Pick<Bridge, 'notices' | 'tryNotice'> | undefined {
  return window.flotilla
}

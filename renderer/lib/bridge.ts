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

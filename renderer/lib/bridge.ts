/** What the desktop's preload adds; a browser has none of it. */
interface Bridge {
  pickFolder: () => Promise<string | null>
}

declare global {
  interface Window {
    flotilla?: Bridge
  }
}

export function folderPicker(): Bridge['pickFolder'] | undefined {
  return window.flotilla?.pickFolder
}

/** What the desktop adds to the page as `window.flotilla`; in a browser it is not there. */
export interface Bridge {
  appVersion: string
  /** Asks for a folder with the dialog of the operating system; null when it was closed. */
  pickFolder(): Promise<string | null>
}

/** IPC channel of `pickFolder`. */
export const pickFolderChannel = 'flotilla:pick-folder'

/** Argument by which the main process tells the preload the version. */
export const appVersionArgument = '--flotilla-version='

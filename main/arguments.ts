import { isChromiumSwitch } from './chromium-switches.ts'
import { isLink, pageOfLink } from './deep-link.ts'

/** What the command line says to the desktop. */
export interface DesktopArguments {
  /** For the configuration of the control plane, which refuses what it does not know. */
  options: string[]
  /** Page that a deep link names. */
  page: string | null
  /** Start without showing the window, as at login. */
  hidden: boolean
}

export const hiddenFlag = '--hidden'

/**
 * Reads the arguments of an Electron process. Electron's own come first and between: the executable, switches of Chromium, and,
 * unless it is packaged, modules to load before (`-r FILE`) and the folder of the app.
 */
export function readArguments(argv: readonly string[], packaged: boolean): DesktopArguments {
  return sortArguments(packaged ? argv.slice(1) : withoutApp(argv.slice(1)))
}

function withoutApp(given: readonly string[]): string[] {
  const isValue = (index: number) => ['-r', '--require'].includes(given[index - 1] ?? '')
  const folder = given.findIndex((argument, index) => !argument.startsWith('-') && !isValue(index))
  const before = given.slice(0, folder).filter((argument, index) => argument.startsWith('--') && !isValue(index))
  return [...before.filter(argument => argument !== '--require'), ...given.slice(folder + 1)]
}

/** Sorts arguments that are all meant for us or for Chromium. */
export function sortArguments(given: readonly string[]): DesktopArguments {
  const link = given.find(isLink)
  return {
    options: given.filter(argument => !isChromiumSwitch(argument) && !isLink(argument) && argument !== hiddenFlag),
    page: link === undefined ? null : pageOfLink(link),
    hidden: given.includes(hiddenFlag)
  }
}

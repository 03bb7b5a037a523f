import type { BrowserWindow, Rectangle } from 'electron'
import type { Settings } from './settings.ts'

export const smallest = { width: 1024, height: 700 }
const usual = { width: 1440, height: 900 }
/** Of a window that is restored, at least this much must be on a screen, so that it can be grabbed. */
const visiblePart = { width: 200, height: 48 }

/** Where a window goes: where it was, unless that screen is gone; never larger than a screen. */
export function windowBounds(saved: Rectangle | null, screens: readonly Rectangle[]): Partial<Rectangle> {
  const home = screens[0] ?? { x: 0, y: 0, ...usual }
  if (saved === null) return within(usual, home)
  const screen = screens.find(candidate => showsTop(saved, candidate))
  if (screen === undefined) return within(saved, home)
  return { x: saved.x, y: saved.y, ...within(saved, screen) }
}

function within(size: { width: number; height: number }, screen: Rectangle): { width: number; height: number } {
  return { width: Math.min(size.width, screen.width), height: Math.min(size.height, screen.height) }
}

/** Whether enough of the upper edge, by which windows are moved, lies on the screen. */
function showsTop(window: Rectangle, screen: Rectangle): boolean {
  const width = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x)
  const below = window.y - screen.y
  return width >= visiblePart.width && below >= 0 && below <= screen.height - visiblePart.height
}

const settleMs = 400

/** Remembers where the window is, a moment after each change, so that a crash forgets nothing. */
export function rememberWindow(window: BrowserWindow, settings: Settings): void {
  let timer: NodeJS.Timeout | undefined
  const save = () => {
    clearTimeout(timer)
    if (!window.isDestroyed() && !window.isMinimized() && !window.isFullScreen())
      settings.set({ bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(save, settleMs)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('maximize', soon)
  window.on('unmaximize', soon)
  window.on('close', save)
  window.on('closed', () => clearTimeout(timer))
}

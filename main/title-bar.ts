import { type BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme } from 'electron'

/** The bar of the page is the title bar; the system's buttons lie over its end. One less for the line below. */
const height = 47

/** Canvas of the UI in its two themes, for the moment before a page said its own. */
const canvas = { light: '#fbfbfa', dark: '#111517' }

function usualCanvas(): string {
  return nativeTheme.shouldUseDarkColors ? canvas.dark : canvas.light
}

export function titleBarOptions(): BrowserWindowConstructorOptions {
  return {
    titleBarStyle: 'hidden',
    titleBarOverlay: overlay(usualCanvas()),
    trafficLightPosition: { x: 16, y: 16 },
    backgroundColor: usualCanvas()
  }
}

/** Follows the theme that the page has, by its `theme-color`. */
export function followTheme(window: BrowserWindow): void {
  window.webContents.on('did-change-theme-color', (_event, color) => {
    const background = color ?? usualCanvas()
    window.setBackgroundColor(background)
    // On macOS the buttons have colours of their own.
    if (process.platform !== 'darwin') window.setTitleBarOverlay(overlay(background))
  })
}

function overlay(color: string): { color: string; symbolColor: string; height: number } {
  return { color, symbolColor: isDark(color) ? '#e9eced' : '#15191b', height }
}

/** Whether light symbols stand out better on `#rrggbb`. */
function isDark(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16))
  return red * 0.299 + green * 0.587 + blue * 0.114 < 128
}

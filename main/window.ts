import { join } from 'node:path'
import { BrowserWindow, screen } from 'electron'
import { appVersionArgument, openPageChannel } from '#contract/bridge'
import type { Config } from '../server/config.ts'
import { offerContextMenu } from './context-menu.ts'
import type { ControlPlaneSource } from './control-plane.ts'
import { isFrom } from './guards.ts'
import type { Settings } from './settings.ts'
import { signIn } from './sign-in.ts'
import { followTheme, titleBarOptions } from './title-bar.ts'
import { showTrouble } from './trouble.ts'
import { rememberWindow, smallest, windowBounds } from './window-state.ts'

interface Surroundings {
  config: Config
  settings: Settings
  controlPlane: ControlPlaneSource
  /** Called with each new window, before it loads anything. */
  onOpen(window: BrowserWindow): void
}

export interface MainWindow {
  /** Brings the window to the front, or opens it; with a path it shows that page. */
  show(page: string | null): Promise<void>
  /** Opens it without showing it. */
  prepare(): Promise<void>
  /** Path of the page that the user looks at; null when the window has no focus. */
  focusedPage(): string | null
}

/** The one window of the desktop. */
export function createMainWindow(surroundings: Surroundings): MainWindow {
  const { settings, controlPlane } = surroundings
  let window: BrowserWindow | null = null

  async function open(page: string | null, visible: boolean): Promise<void> {
    const opened = buildWindow(surroundings.config, settings)
    window = opened
    opened.once('ready-to-show', () => {
      if (settings.get('maximized')) opened.maximize()
      if (visible) opened.show()
    })
    opened.once('closed', () => {
      window = null
    })
    rememberWindow(opened, settings)
    followTheme(opened)
    offerContextMenu(opened.webContents)
    showTrouble(
      opened.webContents,
      () => controlPlane.current().origin,
      () => tryAgain(opened)
    )
    surroundings.onOpen(opened)
    await load(opened, page)
  }

  async function tryAgain(opened: BrowserWindow): Promise<void> {
    await controlPlane.rejoin()
    await load(opened, null)
  }

  async function load(opened: BrowserWindow, page: string | null): Promise<void> {
    await signIn(controlPlane.current())
    if (opened.isDestroyed()) return
    // What fails to load, or is replaced by another load, is told in the window.
    await opened.loadURL(controlPlane.current().origin + (page ?? '/')).catch(() => undefined)
  }

  /** A page of ours that is there goes on by itself and keeps what it holds; anything else is loaded. */
  async function go(opened: BrowserWindow, page: string): Promise<void> {
    const { webContents } = opened
    const isThere =
      isFrom(webContents.getURL(), controlPlane.current().origin) &&
      !webContents.isLoadingMainFrame() &&
      !webContents.isCrashed()
    if (isThere) webContents.send(openPageChannel, page)
    else await load(opened, page)
  }

  return {
    async show(page) {
      if (window === null) return open(page, true)
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
      if (page !== null) await go(window, page)
    },
    prepare: () => open(null, false),
    focusedPage() {
      if (window === null || !window.isVisible() || !window.isFocused()) return null
      return new URL(window.webContents.getURL() || 'about:blank').pathname
    }
  }
}

function buildWindow(config: Config, settings: Settings): BrowserWindow {
  const screens = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(display => display.workArea)
  return new BrowserWindow({
    title: 'Flotilla',
    ...windowBounds(settings.get('bounds'), screens),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    icon: join(config.outDir, 'icons', 'icon.png'),
    ...titleBarOptions(),
    webPreferences: {
      preload: join(config.outDir, 'preload', 'preload.cjs'),
      additionalArguments: [appVersionArgument + config.version],
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      navigateOnDragDrop: false,
      webviewTag: false
    }
  })
}

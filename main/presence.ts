import { app, type BrowserWindow, Menu, Notification, powerMonitor, shell } from 'electron'
import { createLoginLink } from '#contract/people/login'
import type { Config } from '../server/config.ts'
import { appMenu } from './app-menu.ts'
import { showBadge } from './badge.ts'
import { clientAt } from './client.ts'
import type { ControlPlaneSource } from './control-plane.ts'
import { type Fleet, followFleet } from './fleet.ts'
import type { LoginItem } from './login-item.ts'
import { notifyOf } from './notifications.ts'
import type { Quitting } from './quit.ts'
import { sayWhyNot } from './say-why-not.ts'
import type { Settings } from './settings.ts'
import { stayAwake } from './stay-awake.ts'
import { showTray, updateTray } from './tray.ts'
import type { MainWindow } from './window.ts'

interface Parts {
  config: Config
  settings: Settings
  controlPlane: ControlPlaneSource
  window: MainWindow
  quitting: Quitting
  /** Whether a tray icon would be seen. */
  tray: boolean
  loginItem: LoginItem | null
}

/** What there is of the app outside of its pages: menu, tray, badge, notifications, and what closing a window means. */
export interface Presence {
  /** Decides what closing this window does. */
  keep(window: BrowserWindow): void
}

export function showPresence(parts: Parts): Presence {
  const { config, controlPlane, window, quitting, tray } = parts
  const open = (page: string | null) => void window.show(page).catch(sayWhyNot)
  const actions = { open, openInBrowser: () => openInBrowser(controlPlane), quit: quitting.quit }
  const update = (fleet: Fleet | null) => {
    updateTray(fleet, controlPlane.current().own, actions)
    showBadge(fleet?.waitingTotal ?? 0, config.outDir)
    stayAwake(fleet)
  }

  setAppMenu(parts, open)
  if (tray) showTray(config.outDir, actions)
  update(null)
  const notifications = notifyOf({
    settings: () => parts.settings.get('notices'),
    focusedPage: window.focusedPage,
    open
  })
  const follower = followFleet({
    address: controlPlane.current,
    onFleet: update,
    onChange: notifications.hear
  })
  app.on('will-quit', () => follower.stop())
  // Nobody can be asked while the system goes down.
  powerMonitor.on('shutdown', () => quitting.quit('keep'))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') quitting.quit(null)
  })
  return { keep: opened => decideOnClose(opened, parts) }
}

function setAppMenu(parts: Parts, open: (page: string | null) => void): void {
  const { config, settings, controlPlane, quitting, tray, loginItem } = parts
  const state = {
    platform: process.platform,
    packaged: app.isPackaged,
    settings,
    tray,
    openAtLogin: loginItem?.enabled() ?? null
  }
  const template = appMenu(state, {
    open,
    openInBrowser: () => openInBrowser(controlPlane),
    openDocs: () => void shell.openExternal(`${controlPlane.current().origin}/docs`),
    openDataFolder: () => void shell.openPath(config.dataDir),
    setOpenAtLogin: enabled => loginItem?.set(enabled),
    quit: () => quitting.quit(null)
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

function openInBrowser(controlPlane: ControlPlaneSource): void {
  clientAt(controlPlane.current())(createLoginLink)
    .then(({ url }) => shell.openExternal(url))
    .catch(error => console.error(`No link for the browser: ${error.message}`))
}

/** With a tray the window hides there; without one nobody could bring it back, so closing it quits. */
function decideOnClose(window: BrowserWindow, { settings, tray, quitting }: Parts): void {
  window.on('close', event => {
    if (quitting.leaving() || process.platform === 'darwin') return
    event.preventDefault()
    if (!tray || !settings.get('staysInTray')) return quitting.quit(null)
    window.hide()
    if (settings.get('toldOfTray')) return
    settings.set({ toldOfTray: true })
    if (Notification.isSupported())
      new Notification({ title: 'Flotilla goes on in the tray', body: 'Quit it there, or by the menu.' }).show()
  })
  window.webContents.on('before-input-event', (event, { type, key }) => {
    // Without a frame there is no menu bar; this is the key that opens it elsewhere.
    if (type !== 'keyDown' || key !== 'F10' || process.platform === 'darwin') return
    event.preventDefault()
    Menu.getApplicationMenu()?.popup({ window })
  })
}

import type { MenuItemConstructorOptions } from 'electron'
import type { Settings } from './settings.ts'

/** What the menu of the app offers, and how the things it ticks stand. */
export interface MenuState {
  platform: NodeJS.Platform
  packaged: boolean
  settings: Settings
  /** Whether there is a tray to stay in. */
  tray: boolean
  /** null: this app cannot start at login. */
  openAtLogin: boolean | null
}

export interface MenuActions {
  open(page: string | null): void
  openInBrowser(): void
  openDocs(): void
  openDataFolder(): void
  setOpenAtLogin(enabled: boolean): void
  quit(): void
}

export function appMenu(state: MenuState, actions: MenuActions): MenuItemConstructorOptions[] {
  const isMac = state.platform === 'darwin'
  const quit: MenuItemConstructorOptions = {
    id: 'quit',
    label: isMac ? 'Quit Flotilla' : 'Quit',
    accelerator: 'CmdOrCtrl+Q',
    click: () => actions.quit()
  }
  return [
    ...(isMac ? [macMenu(state, actions, quit)] : []),
    {
      label: 'File',
      submenu: [
        { id: 'new-run', label: 'New run', accelerator: 'CmdOrCtrl+N', click: () => actions.open('/runs/new') },
        { id: 'open-in-browser', label: 'Open in browser', click: () => actions.openInBrowser() },
        { type: 'separator' },
        ...(isMac ? [] : settingItems(state, actions)),
        { role: 'close' },
        ...(isMac ? [] : [quit])
      ]
    },
    { role: 'editMenu' },
    { label: 'View', submenu: viewItems(state.packaged) },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { id: 'docs', label: 'The API', click: () => actions.openDocs() },
        { id: 'data-folder', label: 'Open the data folder', click: () => actions.openDataFolder() }
      ]
    }
  ]
}

function macMenu(state: MenuState, actions: MenuActions, quit: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    label: 'Flotilla',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      ...settingItems(state, actions),
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      quit
    ]
  }
}

/** The settings of the desktop itself; those of the fleet lie in the UI. */
function settingItems(state: MenuState, actions: MenuActions): MenuItemConstructorOptions[] {
  const { settings } = state
  return [
    ...(state.openAtLogin === null
      ? []
      : [
          {
            id: 'open-at-login',
            label: 'Start at login',
            type: 'checkbox' as const,
            checked: state.openAtLogin,
            click: (item: { checked: boolean }) => actions.setOpenAtLogin(item.checked)
          }
        ]),
    ...(state.platform === 'darwin'
      ? []
      : [
          {
            id: 'stays-in-tray',
            label: state.tray ? 'Stay in the tray when closed' : 'Stay in the tray when closed (no tray here)',
            type: 'checkbox' as const,
            enabled: state.tray,
            checked: state.tray && settings.get('staysInTray'),
            click: (item: { checked: boolean }) => settings.set({ staysInTray: item.checked })
          }
        ]),
    { label: 'Quitting with agents at work', submenu: quitChoices(settings) },
    { type: 'separator' }
  ]
}

const quitWords = { ask: 'Ask', keep: 'Keep them running', stop: 'Stop them' } as const

function quitChoices(settings: Settings): MenuItemConstructorOptions[] {
  return (['ask', 'keep', 'stop'] as const).map(choice => ({
    id: `on-quit-${choice}`,
    label: quitWords[choice],
    type: 'radio',
    checked: settings.get('onQuit') === choice,
    click: () => settings.set({ onQuit: choice })
  }))
}

function viewItems(packaged: boolean): MenuItemConstructorOptions[] {
  return [
    { role: 'reload' },
    ...(packaged ? [] : [{ role: 'toggleDevTools' as const }]),
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' }
  ]
}

import type * as Electron from 'electron'
import type * as ours from './electron.ts'

/** Members of ours that Electron does not have. */
type Extra<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs>
type None<Names extends never> = Names

/** Does not compile when the stand-in grows something that is not in Electron: an app that used it would fail there only. */
export type Fidelity = [
  None<Extra<typeof ours, typeof Electron>>,
  None<Extra<typeof ours.app, Electron.App>>,
  None<Extra<ours.BrowserWindow, Electron.BrowserWindow>>,
  None<Extra<typeof ours.BrowserWindow, typeof Electron.BrowserWindow>>,
  None<Extra<ours.BrowserWindow['webContents'], Electron.WebContents>>,
  None<Extra<typeof ours.session.defaultSession, Electron.Session>>,
  None<Extra<typeof ours.session.defaultSession.cookies, Electron.Cookies>>,
  None<Extra<typeof ours.ipcMain, Electron.IpcMain>>,
  None<Extra<ours.Menu, Electron.Menu>>,
  None<Extra<typeof ours.Menu, typeof Electron.Menu>>,
  None<Extra<ours.Tray, Electron.Tray>>,
  None<Extra<ours.Notification, Electron.Notification>>,
  None<Extra<typeof ours.dialog, Electron.Dialog>>,
  None<Extra<typeof ours.shell, Electron.Shell>>,
  None<Extra<typeof ours.screen, Electron.Screen>>,
  None<Extra<typeof ours.powerSaveBlocker, Electron.PowerSaveBlocker>>
]

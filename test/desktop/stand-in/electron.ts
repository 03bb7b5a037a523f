/**
 * The module `electron` as main processes import it, on real Chromium windows. What our app does not use is not here: an
 * import of it fails when it is linked. fidelity.ts keeps it within Electron's own types.
 */
export { app } from './app.ts'
export { BrowserWindow } from './browser-window.ts'
export { dialog } from './dialog.ts'
export { ipcMain } from './ipc-main.ts'
export { nativeTheme, powerMonitor, powerSaveBlocker, screen } from './machine.ts'
export { Menu } from './menu.ts'
export { nativeImage } from './native-image.ts'
export { Notification } from './notification.ts'
export { session } from './session.ts'
export { shell } from './shell.ts'
export { Tray } from './tray.ts'
export { webContents } from './web-contents.ts'

import { join } from 'node:path'
import { Menu, nativeImage, Tray } from 'electron'
import type { Fleet } from './fleet.ts'
import { countWords, type TrayActions, trayMenu } from './tray-menu.ts'

/** Without a reference the icon would vanish with the next garbage collection. */
let tray: Tray | null = null

export function showTray(outDir: string, actions: TrayActions): void {
  tray = new Tray(trayImage(join(outDir, 'icons')))
  // On Windows a click opens the window; elsewhere it opens the menu.
  tray.on('click', () => actions.open(null))
}

export function updateTray(fleet: Fleet | null, own: boolean, actions: TrayActions): void {
  if (tray === null) return
  tray.setToolTip(`Flotilla: ${countWords(fleet)}`)
  tray.setContextMenu(Menu.buildFromTemplate(trayMenu(fleet, own, actions)))
  if (process.platform === 'darwin') tray.setTitle(fleet?.waitingTotal ? String(fleet.waitingTotal) : '')
}

function trayImage(icons: string): Electron.NativeImage {
  const name = { darwin: 'tray-template.png', win32: 'tray.ico' }[process.platform as string] ?? 'tray.png'
  const image = nativeImage.createFromPath(join(icons, name))
  image.setTemplateImage(process.platform === 'darwin')
  return image
}

import { join } from 'node:path'
import { BrowserWindow } from 'electron'
import { appVersionArgument } from '#contract/bridge'
import type { Config } from '../server/config.ts'
import type { JoinedControlPlane } from './control-plane.ts'

/** Brings the window to the front, or opens it and signs it in. */
export async function showWindow(config: Config, controlPlane: JoinedControlPlane): Promise<void> {
  const [existing] = BrowserWindow.getAllWindows()
  if (existing) {
    if (existing.isMinimized()) existing.restore()
    existing.show()
    existing.focus()
    return
  }
  // Opened before the link is there, so that a second wish meanwhile finds this window.
  const window = openWindow(config)
  await window.loadURL(await controlPlane.loginLink())
}

function openWindow(config: Config): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Flotilla',
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 600,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(config.outDir, 'preload', 'preload.cjs'),
      additionalArguments: [appVersionArgument + config.version],
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false
    }
  })
  window.once('ready-to-show', () => window.show())
  return window
}

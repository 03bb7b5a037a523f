import { join } from 'node:path'
import { app, BrowserWindow, nativeImage } from 'electron'

/** Shows on the app's icon how many approvals wait. */
export function showBadge(waiting: number, outDir: string): void {
  if (process.platform !== 'win32') {
    app.setBadgeCount(waiting)
    return
  }
  const [window] = BrowserWindow.getAllWindows()
  const overlay = waiting > 0 ? nativeImage.createFromPath(join(outDir, 'icons', 'waiting.png')) : null
  window?.setOverlayIcon(overlay, waiting > 0 ? `${waiting} waiting` : '')
}

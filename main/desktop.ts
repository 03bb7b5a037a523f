import { join } from 'node:path'
import { app } from 'electron'
import type { Config } from '../server/config.ts'
import { answerBridge } from './bridge.ts'
import { joinControlPlane } from './control-plane.ts'
import { guardContents } from './guards.ts'
import { quitCleanly } from './quit.ts'
import { sayWhyNot } from './say-why-not.ts'
import { showWindow } from './window.ts'

/** One desktop per data folder: a second start brings the window of the first to the front and ends. */
export function runDesktop(config: Config): void {
  app.enableSandbox()
  // The single-instance lock lies in this folder.
  app.setPath('userData', join(config.dataDir, 'desktop'))
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  // Not awaited at top level: Electron is ready only after this module was evaluated.
  app
    .whenReady()
    .then(() => open(config))
    .catch(sayWhyNot)
}

async function open(config: Config): Promise<void> {
  const controlPlane = await joinControlPlane(config)
  quitCleanly(controlPlane)
  guardContents(controlPlane.origin)
  answerBridge(controlPlane.origin)
  const show = () => showWindow(config, controlPlane)
  reopenOnDemand(show)
  await show()
}

function reopenOnDemand(show: () => Promise<void>): void {
  app.on('second-instance', () => show().catch(sayWhyNot))
  app.on('activate', () => show().catch(sayWhyNot))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
}

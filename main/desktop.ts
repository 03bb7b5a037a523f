import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import type { Config } from '../server/config.ts'
import { prepareDataFolder } from '../server/store/data-folder.ts'
import { answerBridge } from './bridge.ts'
import { openControlPlane } from './control-plane.ts'
import { linkScheme } from './deep-link.ts'
import { guardContents } from './guards.ts'
import { loginItem } from './login-item.ts'
import { type Presence, showPresence } from './presence.ts'
import { quitCleanly } from './quit.ts'
import { installBundle, type RunnerBundle, removeOldBundles } from './runner-bundle.ts'
import { sayWhyNot } from './say-why-not.ts'
import { openSettings } from './settings.ts'
import { hasTray } from './tray-support.ts'
import { createMainWindow } from './window.ts'
import { collectWishes, type Wishes } from './wishes.ts'

export interface DesktopStart {
  config: Config
  /** Page to begin with. */
  page: string | null
  /** Stay in the tray, if there is one. */
  hidden: boolean
  /** What starts this app again. */
  executable: string
}

const appId = 'dev.flotilla.desktop'

/** One desktop per data folder: a second start brings the window of the first to the front and ends. */
export function runDesktop(start: DesktopStart): void {
  app.enableSandbox()
  app.setAppUserModelId(appId)
  // The single-instance lock lies in this folder, which must be there first.
  const folder = join(start.config.dataDir, 'desktop')
  prepareDataFolder(start.config.dataDir)
  mkdirSync(folder, { recursive: true })
  app.setPath('userData', folder)
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  // From now on, for what comes while the control plane starts.
  const wishes = collectWishes(start.page)
  // Not awaited at top level: Electron is ready only after this module was evaluated.
  app
    .whenReady()
    .then(() => open(start, wishes))
    .catch(sayWhyNot)
}

async function open(start: DesktopStart, wishes: Wishes): Promise<void> {
  const settings = openSettings()
  const [bundle, tray] = await Promise.all([packedBundle(start.config), hasTray()])
  const config: Config = { ...start.config, ...bundle }
  const controlPlane = await openControlPlane(config)
  const quitting = quitCleanly(controlPlane, settings, config.stopAgents)
  guardContents(() => controlPlane.current().origin)
  answerBridge(controlPlane, settings)
  let presence: Presence | null = null
  const window = createMainWindow({
    config,
    settings,
    controlPlane,
    onOpen: opened => presence?.keep(opened)
  })
  presence = showPresence({
    config,
    settings,
    controlPlane,
    window,
    quitting,
    tray,
    loginItem: app.isPackaged ? loginItem(start.executable) : null
  })
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme)
  wishes.serve(page => window.show(page).catch(sayWhyNot))
  if (start.hidden && tray && wishes.take() === null) await window.prepare()
  else await window.show(wishes.take())
  if (bundle !== null) await removeOldBundles(config.dataDir, bundle)
}

/** In development the runner runs from out/, on the Node that started all this. */
function packedBundle(config: Config): Promise<RunnerBundle> | null {
  return app.isPackaged ? installBundle(join(process.resourcesPath, 'runtime'), config.dataDir) : null
}

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { app } from 'electron'
import { hiddenFlag } from './arguments.ts'

/** Starting at login. Only a packaged app has something that can be started. */
export interface LoginItem {
  enabled(): boolean
  set(enabled: boolean): void
}

/** `executable`: what starts the app; inside an AppImage that is not this process's own file. */
export function loginItem(executable: string): LoginItem {
  return process.platform === 'linux' ? autostartFile(executable) : systemItem()
}

function systemItem(): LoginItem {
  const options = process.platform === 'win32' ? { args: [hiddenFlag] } : {}
  return {
    enabled: () => app.getLoginItemSettings(options).openAtLogin,
    set: openAtLogin => app.setLoginItemSettings({ openAtLogin, ...options })
  }
}

/** Electron has no login item on Linux; the desktops there read a folder. */
function autostartFile(executable: string): LoginItem {
  const file = join(app.getPath('appData'), 'autostart', 'flotilla.desktop')
  return {
    enabled: () => existsSync(file),
    set(enabled) {
      if (!enabled) return rmSync(file, { force: true })
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, autostartEntry(executable))
    }
  }
}

function autostartEntry(executable: string): string {
  return `[Desktop Entry]
Type=Application
Name=Flotilla
Exec=${quoted(executable)} ${hiddenFlag}
Terminal=false
`
}

/** As the Desktop Entry Specification quotes: these characters by a backslash, and a percent sign by itself. */
function quoted(path: string): string {
  return `"${path
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`
}

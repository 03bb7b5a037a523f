import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from './chromium.ts'
import { makeEvent } from './event.ts'
import { lockInstance } from './single-instance.ts'
import { state } from './state.ts'

class App extends EventEmitter {
  readonly commandLine = {
    appendSwitch: (name: string, value = '') => void state.switches.set(name, value),
    hasSwitch: (name: string) => state.switches.has(name),
    getSwitchValue: (name: string) => state.switches.get(name) ?? ''
  }
  readonly #paths = new Map<string, string>()
  #badge = 0
  #loginItem = { openAtLogin: false }
  #unlock: (() => void) | null = null

  get isPackaged(): boolean {
    return state.started.packaged
  }
  /** Linux and Windows have none. */
  get dock(): undefined {
    return undefined
  }
  whenReady(): Promise<void> {
    return state.ready.wait()
  }
  isReady(): boolean {
    return state.ready.reached
  }
  getName(): string {
    return state.started.package.productName ?? state.started.package.name ?? 'Electron'
  }
  getVersion(): string {
    return state.started.package.version ?? '0.0.0'
  }
  getAppPath(): string {
    return state.started.appPath
  }
  getPath(name: string): string {
    const set = this.#paths.get(name)
    if (set !== undefined) return set
    const appData = process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config')
    const usual: Record<string, string> = {
      home: homedir(),
      appData,
      userData: join(appData, this.getName()),
      temp: tmpdir(),
      exe: process.execPath
    }
    const path = usual[name]
    if (path === undefined) throw new Error(`Failed to get '${name}' path`)
    return path
  }
  setPath(name: string, path: string): void {
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path} does not exist`)
    this.#paths.set(name, path)
  }
  setAppUserModelId(): void {}
  enableSandbox(): void {
    if (state.ready.reached) throw new Error('app.enableSandbox() can only be called before app is ready')
  }
  setBadgeCount(count = 0): boolean {
    this.#badge = count
    return true
  }
  getBadgeCount(): number {
    return this.#badge
  }
  setLoginItemSettings(settings: { openAtLogin: boolean }): void {
    this.#loginItem = settings
  }
  getLoginItemSettings(): { openAtLogin: boolean } {
    return this.#loginItem
  }
  setAsDefaultProtocolClient(): boolean {
    return true
  }
  requestSingleInstanceLock(): boolean {
    this.#unlock ??= lockInstance(this.getPath('userData'), ({ argv, cwd }) =>
      this.emit('second-instance', makeEvent(), argv, cwd)
    )
    return this.#unlock !== null
  }
  hasSingleInstanceLock(): boolean {
    return this.#unlock !== null
  }
  quit(): void {
    if (state.quitting) return
    if (this.#refused('before-quit')) return
    // Windows that go now are not the end of the app by themselves.
    state.quitting = true
    for (const window of [...state.windows.values()]) {
      if (window.closeForQuit()) continue
      state.quitting = false
      return
    }
    if (this.#refused('will-quit')) {
      state.quitting = false
      return
    }
    this.emit('quit', makeEvent(), 0)
    this.exit(0)
  }
  #refused(name: string): boolean {
    const event = makeEvent()
    this.emit(name, event)
    return event.defaultPrevented
  }
  exit(code = 0): void {
    state.quitting = true
    this.#unlock?.()
    void chromium.close().then(() => process.exit(code))
  }
}

export const app = new App()

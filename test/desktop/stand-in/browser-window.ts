import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { app } from './app.ts'
import { makeEvent } from './event.ts'
import { state } from './state.ts'
import { type Bounds, Target } from './target.ts'
import { WebContents } from './web-contents.ts'

interface Options extends Partial<Bounds> {
  title?: string
  show?: boolean
  webPreferences?: {
    preload?: string
    additionalArguments?: string[]
    contextIsolation?: boolean
    nodeIntegration?: boolean
    sandbox?: boolean
    navigateOnDragDrop?: boolean
  }
}

const windows = new Map<number, BrowserWindow>()
let lastId = 0

export class BrowserWindow extends EventEmitter {
  readonly id = ++lastId
  readonly webContents: WebContents
  readonly #target: Target
  #bounds: Bounds
  #title: string
  #visible: boolean
  #minimized = false
  #maximized = false
  #shownOnce = false
  #destroyed = false

  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()]
  }
  static getFocusedWindow(): BrowserWindow | null {
    return [...windows.values()].find(window => window.isFocused()) ?? null
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows.values()].find(window => window.webContents === contents) ?? null
  }

  constructor(options: Options = {}) {
    super()
    if (!state.ready.reached) throw new Error('Cannot create BrowserWindow before app is ready')
    const { preload, additionalArguments: argv = [], ...preferences } = options.webPreferences ?? {}
    const { contextIsolation = true, nodeIntegration = false, sandbox = true, navigateOnDragDrop = false } = preferences
    if (navigateOnDragDrop) throw new Error('The stand-in opens nothing that is dropped')
    if (!contextIsolation || nodeIntegration || !sandbox) throw new Error('The stand-in has sandboxed windows only')
    const { x = 40, y = 40, width = 800, height = 600, title = app.getName(), show = true } = options
    this.#bounds = { x, y, width, height }
    this.#title = title
    this.#visible = show
    this.webContents = new WebContents(() => this.#target)
    const script = { source: preload === undefined ? '' : readFileSync(preload, 'utf8'), argv }
    this.#target = new Target(String(this.id), this.#bounds, script, {
      mayLoad: (url, kind) => WebContents.mayLoad(this.webContents, url, kind),
      mayOpen: url => WebContents.mayOpen(this.webContents, url)
    })
    WebContents.listen(this.webContents, this.#target)
    this.#target.on('loaded', () => this.#readyToShow())
    this.#target.on('closed', () => this.#closedOutside())
    windows.set(this.id, this)
    state.windows.set(this.id, { closeForQuit: () => this.#closeIfAllowed() })
    if (!show) void this.#target.setBounds({ windowState: 'minimized' })
    app.emit('browser-window-created', makeEvent(), this)
    app.emit('web-contents-created', makeEvent(), this.webContents)
  }

  #readyToShow(): void {
    if (this.#shownOnce) return
    this.#shownOnce = true
    this.emit('ready-to-show')
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }
  show(): void {
    this.#visible = true
    void this.#target.setBounds({ windowState: 'normal' })
    this.emit('show')
  }
  /** Chromium has no hidden windows; a minimized one comes closest. */
  hide(): void {
    this.#visible = false
    void this.#target.setBounds({ windowState: 'minimized' })
    this.emit('hide')
  }
  isVisible(): boolean {
    return this.#visible
  }
  focus(): void {
    void this.#target.activate()
    this.emit('focus')
  }
  isFocused(): boolean {
    return this.#visible && !this.#minimized
  }
  minimize(): void {
    this.#minimized = true
    void this.#target.setBounds({ windowState: 'minimized' })
    this.emit('minimize')
  }
  restore(): void {
    this.#minimized = false
    void this.#target.setBounds({ windowState: 'normal' })
    this.emit('restore')
  }
  isMinimized(): boolean {
    return this.#minimized
  }
  maximize(): void {
    this.#maximized = true
    void this.#target.setBounds({ windowState: 'maximized' })
    this.emit('maximize')
  }
  isMaximized(): boolean {
    return this.#maximized
  }
  isFullScreen(): boolean {
    return false
  }
  getBounds(): Bounds {
    return { ...this.#bounds }
  }
  getNormalBounds(): Bounds {
    return this.getBounds()
  }
  setBounds(bounds: Partial<Bounds>): void {
    this.#bounds = { ...this.#bounds, ...bounds }
    const { x: left, y: top, width, height } = this.#bounds
    void this.#target.setBounds({ left, top, width, height })
    this.emit('resize')
    this.emit('move')
  }
  getTitle(): string {
    return this.#title
  }
  setBackgroundColor(): void {}
  setTitleBarOverlay(): void {}
  setOverlayIcon(): void {}
  isDestroyed(): boolean {
    return this.#destroyed
  }
  close(): void {
    this.#closeIfAllowed()
  }
  #closeIfAllowed(): boolean {
    if (this.#destroyed) return true
    const event = makeEvent()
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
    return !event.defaultPrevented
  }
  destroy(): void {
    if (this.#destroyed) return
    this.#target.close()
    this.#gone()
  }
  #closedOutside(): void {
    // Its page is gone already: what the app says to this comes too late, which only happens here.
    if (this.#destroyed) return
    this.emit('close', makeEvent())
    this.#gone()
  }
  #gone(): void {
    this.#destroyed = true
    windows.delete(this.id)
    state.windows.delete(this.id)
    WebContents.destroy(this.webContents)
    this.emit('closed')
    if (windows.size > 0 || state.quitting) return
    if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed')
    else app.quit()
  }
}

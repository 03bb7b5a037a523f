import { EventEmitter } from 'node:events'
import { chromium } from './chromium.ts'
import { makeEvent } from './event.ts'
import { invokeHandler, ipcMain } from './ipc-main.ts'
import { permit, type Session, session } from './session.ts'
import type { Target } from './target.ts'

type OpenHandler = (details: { url: string; frameName: string; disposition: string }) => { action: 'allow' | 'deny' }

/** What the preload's world says. */
type FromPage =
  | { type: 'invoke'; id: number; channel: string; args: unknown[] }
  | { type: 'send'; channel: string; args: unknown[] }
  | { type: 'open'; url: string }
  | { type: 'preload-error'; message: string }
  | { type: 'theme-color'; color: string | null }
  | { type: 'context-menu'; isEditable: boolean; selectionText: string }

const all = new Map<string, WebContents>()
const everyEdit = { canUndo: true, canRedo: true, canCut: true, canCopy: true, canPaste: true, canSelectAll: true }

export class WebContents extends EventEmitter {
  readonly session: Session = session.defaultSession
  readonly #target: () => Target
  #openHandler: OpenHandler = () => ({ action: 'allow' })
  #crashed = false
  #destroyed = false

  constructor(target: () => Target) {
    super()
    this.#target = target
  }

  getURL(): string {
    return this.#target().url
  }
  isDestroyed(): boolean {
    return this.#destroyed
  }
  isCrashed(): boolean {
    return this.#crashed
  }
  isLoadingMainFrame(): boolean {
    return this.#target().loading
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }
  send(channel: string, ...args: unknown[]): void {
    this.#target().toPreload({ type: 'message', channel, args })
  }
  executeJavaScript(code: string): Promise<unknown> {
    return this.#target().evaluate(code)
  }
  reload(): void {
    this.#crashed = false
    this.#target()
      .reload()
      .catch(error => console.error(`A reload failed: ${error.message}`))
  }
  forcefullyCrashRenderer(): void {
    this.#target()
      .send('Page.crash')
      .catch(() => {})
  }
  async loadURL(url: string): Promise<void> {
    this.#crashed = false
    try {
      await this.#target().load(url, () => permit(url, this))
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      // One that was aborted shows no page of its own that would tell.
      if (words.includes('ABORTED')) this.emit('did-fail-load', makeEvent(), -3, words, url, true)
      throw new Error(`${words} loading '${url}'`)
    }
  }

  static listen(contents: WebContents, target: Target): void {
    void target.opened.then(() => all.set(target.id, contents))
    target.on('ipc', (message: FromPage) => void contents.#hear(message))
    target.on('navigated', (url: string) => contents.emit('did-navigate', makeEvent(), url))
    target.on('failed', (url: string) =>
      contents.emit('did-fail-load', makeEvent(), -102, 'ERR_CONNECTION_REFUSED', url, true)
    )
    target.on('loaded', () => contents.emit('did-finish-load', makeEvent()))
    target.on('crashed', () => {
      contents.#crashed = true
      contents.emit('render-process-gone', makeEvent(), { reason: 'crashed', exitCode: 5 })
    })
  }

  static mayLoad(contents: WebContents, url: string, kind: 'navigation' | 'redirect'): boolean {
    const event = makeEvent({ url, isMainFrame: true })
    contents.emit(kind === 'navigation' ? 'will-navigate' : 'will-redirect', event, url)
    return !event.defaultPrevented
  }

  static mayOpen(contents: WebContents, url: string): boolean {
    return contents.#openHandler({ url, frameName: '', disposition: 'new-window' }).action === 'allow'
  }

  static destroy(contents: WebContents): void {
    contents.#destroyed = true
    all.delete(contents.#target().id)
    contents.emit('destroyed')
  }

  async #hear(message: FromPage): Promise<void> {
    const url = this.getURL()
    const event = makeEvent({ sender: this, senderFrame: { url, origin: originOf(url), parent: null } })
    switch (message.type) {
      case 'preload-error':
        console.error(`Unable to load preload script: ${message.message}`)
        this.emit('preload-error', event, '', new Error(message.message))
        return
      case 'open':
        if (WebContents.mayOpen(this, message.url)) await chromium.send('Target.createTarget', { url: message.url })
        return
      case 'send':
        ipcMain.emit(message.channel, event, ...message.args)
        return
      case 'theme-color':
        this.emit('did-change-theme-color', event, message.color)
        return
      case 'context-menu': {
        const { isEditable, selectionText } = message
        this.emit('context-menu', event, { isEditable, selectionText, editFlags: everyEdit })
        return
      }
      case 'invoke':
        this.#target().toPreload({ type: 'reply', id: message.id, ...(await outcome(message, event)) })
    }
  }
}

async function outcome(
  { channel, args }: { channel: string; args: unknown[] },
  event: unknown
): Promise<{ value: unknown } | { error: string }> {
  try {
    return { value: await invokeHandler(channel, event, args) }
  } catch (error) {
    return { error: String(error) }
  }
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'null'
}

export const webContents = {
  getAllWebContents: (): WebContents[] => [...all.values()],
  fromDevToolsTargetId: (id: string): WebContents | undefined => all.get(id)
}

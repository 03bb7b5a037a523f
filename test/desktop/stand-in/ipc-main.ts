import { EventEmitter } from 'node:events'

type Handler = (event: unknown, ...args: unknown[]) => unknown

class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>()

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.#handlers.set(channel, handler)
  }
  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  static async invoke(of: IpcMain, channel: string, event: unknown, args: unknown[]): Promise<unknown> {
    const handler = of.#handlers.get(channel)
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
    return handler(event, ...args)
  }
}

export const ipcMain = new IpcMain()

export function invokeHandler(channel: string, event: unknown, args: unknown[]): Promise<unknown> {
  return IpcMain.invoke(ipcMain, channel, event, args)
}

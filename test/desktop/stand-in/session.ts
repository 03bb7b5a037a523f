import { EventEmitter } from 'node:events'
import { tmpdir } from 'node:os'
import { chromium } from './chromium.ts'
import { makeEvent } from './event.ts'

interface Cookie {
  url: string
  name: string
  value: string
  httpOnly?: boolean
  secure?: boolean
  sameSite?: 'unspecified' | 'no_restriction' | 'lax' | 'strict'
  expirationDate?: number
}

type RequestHandler = (contents: unknown, permission: string, answer: (granted: boolean) => void) => void

/** Electron's name of a permission → Chromium's. */
const permissions: [electron: string, chromium: string][] = [
  ['notifications', 'notifications'],
  ['geolocation', 'geolocation'],
  ['clipboard-read', 'clipboardReadWrite'],
  ['clipboard-sanitized-write', 'clipboardSanitizedWrite'],
  ['midi', 'midi'],
  ['media', 'audioCapture'],
  ['media', 'videoCapture'],
  ['idle-detection', 'idleDetection']
]

const sameSites = { unspecified: undefined, no_restriction: 'None', lax: 'Lax', strict: 'Strict' }

export class Session extends EventEmitter {
  #onRequest: RequestHandler | null = null

  readonly cookies = {
    async set({ sameSite = 'unspecified', expirationDate: expires, ...cookie }: Cookie): Promise<void> {
      await chromium.send('Storage.setCookies', { cookies: [{ ...cookie, expires, sameSite: sameSites[sameSite] }] })
    },
    async get({ name }: { name?: string }): Promise<Cookie[]> {
      const { cookies } = await chromium.send<{ cookies: (Cookie & { session: boolean })[] }>('Storage.getCookies')
      return cookies.filter(cookie => name === undefined || cookie.name === name)
    },
    async remove(url: string, name: string): Promise<void> {
      const { cookies } = await chromium.send<{ cookies: { name: string; domain: string }[] }>('Storage.getCookies')
      const others = cookies.filter(cookie => cookie.name !== name || cookie.domain !== new URL(url).hostname)
      await chromium.send('Storage.clearCookies')
      await chromium.send('Storage.setCookies', { cookies: others })
    }
  }

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.#onRequest = handler
  }
  /** Chromium is only told beforehand what is granted, by the handler above. */
  setPermissionCheckHandler(): void {}
  setDevicePermissionHandler(): void {}

  /** Electron asks when a page does; here the app is asked before a page is loaded, and Chromium refuses all else. */
  static async permit(session: Session, url: string, contents: unknown): Promise<void> {
    const handler = session.#onRequest
    if (handler === null || !/^https?:/.test(url)) return
    const granted = permissions.filter(([permission]) => {
      let answer = false
      handler(contents, permission, given => {
        answer = given
      })
      return answer
    })
    const { origin } = new URL(url)
    await chromium.send('Browser.grantPermissions', { origin, permissions: granted.map(([, name]) => name) })
  }

  /** Downloads are events of the whole browser. */
  static async hearDownloads(session: Session): Promise<void> {
    chromium.on('root:Browser.downloadWillBegin', ({ guid, url, suggestedFilename }) => {
      const cancel = () => void chromium.send('Browser.cancelDownload', { guid }).catch(() => {})
      const event = makeEvent()
      session.emit('will-download', event, {
        getURL: () => url,
        getFilename: () => suggestedFilename,
        setSavePath() {},
        cancel
      })
      if (event.defaultPrevented) cancel()
    })
    await chromium.send('Browser.setDownloadBehavior', {
      behavior: 'allowAndName',
      downloadPath: tmpdir(),
      eventsEnabled: true
    })
  }
}

const defaultSession = new Session()
export const session = { defaultSession }

export function permit(url: string, contents: unknown): Promise<void> {
  return Session.permit(defaultSession, url, contents)
}

export function hearDownloads(): Promise<void> {
  return Session.hearDownloads(defaultSession)
}

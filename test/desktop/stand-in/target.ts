import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from './chromium.ts'

export interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

const worlds = join(import.meta.dirname, 'worlds')
const mainWorld = readFileSync(join(worlds, 'main-world.js'), 'utf8')
const preloadWorld = readFileSync(join(worlds, 'preload-world.js'), 'utf8')
const worldName = 'electron-preload'
const binding = 'standInToMain'

interface Answers {
  /** Whether the page may go there. */
  mayLoad(url: string, kind: 'navigation' | 'redirect'): boolean
  /** Whether it may open a window. */
  mayOpen(url: string): boolean
}

/** One window of Chromium and the page in it. Emits ipc, navigated, loaded, crashed, closed. */
export class Target extends EventEmitter {
  id = ''
  url = ''
  loading = false
  readonly opened: Promise<void>
  readonly #answers: Answers
  readonly #preloads = new Set<number>()
  #session = ''
  #popupsAllowed = 0
  #windowId = 0
  /** Address that the main process asked for: no navigation of the page. */
  #own: string | null = null
  #closed = false

  constructor(name: string, bounds: Bounds, preload: { source: string; argv: string[] }, answers: Answers) {
    super()
    this.#answers = answers
    this.opened = this.#open(name, bounds, preload)
    this.opened.catch(error => !this.#closed && console.error('A window of the stand-in failed:', error))
  }

  send<Shape>(method: string, params: object = {}): Promise<Shape> {
    return chromium.send<Shape>(method, params, this.#session)
  }

  async #open(name: string, bounds: Bounds, preload: { source: string; argv: string[] }): Promise<void> {
    const mark = `stand-in-${name}-${process.pid}`
    const found = foundTarget(mark)
    chromium.openAppWindow(`data:text/html,<title>${mark}</title>`, bounds)
    this.id = await found
    const attached = await chromium.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId: this.id,
      flatten: true
    })
    this.#session = attached.sessionId
    this.#listen()
    await Promise.all([
      ...['Page', 'Runtime', 'Inspector'].map(domain => this.send(`${domain}.enable`)),
      this.send('Fetch.enable', { patterns: [{ urlPattern: '*', resourceType: 'Document' }] })
    ])
    await this.send('Runtime.addBinding', { name: binding, executionContextName: worldName })
    // The page's half must listen before the preload speaks to it.
    await this.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorld })
    await this.send('Page.addScriptToEvaluateOnNewDocument', { source: preloadSource(preload), worldName })
    this.#windowId = (await this.send<{ windowId: number }>('Browser.getWindowForTarget')).windowId
  }

  #on<Params>(method: string, listen: (params: Params) => void): void {
    chromium.on(`${this.#session}:${method}`, listen)
  }

  #listen(): void {
    this.#on<{ context: { id: number; name: string } }>('Runtime.executionContextCreated', ({ context }) => {
      if (context.name !== worldName) return
      this.#preloads.clear()
      this.#preloads.add(context.id)
    })
    this.#on<{ payload: string }>('Runtime.bindingCalled', ({ payload }) => this.emit('ipc', JSON.parse(payload)))
    this.#on<{ frame: { parentId?: string; url: string; unreachableUrl?: string } }>(
      'Page.frameNavigated',
      ({ frame }) => {
        if (frame.parentId !== undefined) return
        this.#moved(frame.url, true)
        if (frame.unreachableUrl !== undefined) this.emit('failed', frame.unreachableUrl)
      }
    )
    this.#on<{ url: string }>('Page.navigatedWithinDocument', ({ url }) => this.#moved(url, false))
    this.#on('Page.loadEventFired', () => {
      this.loading = false
      this.emit('loaded')
    })
    this.#on('Inspector.targetCrashed', () => this.emit('crashed'))
    this.#on<{ url: string }>('Page.windowOpen', ({ url }) => {
      if (this.#answers.mayOpen(url)) this.#popupsAllowed++
    })
    chromium.on('root:Target.targetCreated', ({ targetInfo }) => this.#hearPopup(targetInfo))
    this.#on<PausedRequest>('Fetch.requestPaused', request => this.#decide(request))
    chromium.on('root:Target.targetDestroyed', ({ targetId }: { targetId: string }) => {
      if (targetId === this.id && !this.#closed) this.emit('closed')
    })
  }

  #moved(url: string, wholePage: boolean): void {
    this.url = url
    this.#own = null
    if (wholePage) this.emit('navigated', url)
  }

  /** What a link opens: such a popup exists for some milliseconds, which Electron spares it. */
  #hearPopup(popup: { targetId: string; openerId?: string }): void {
    if (popup.openerId !== this.id) return
    if (this.#popupsAllowed > 0) this.#popupsAllowed--
    else void chromium.send('Target.closeTarget', { targetId: popup.targetId }).catch(() => {})
  }

  #decide({ requestId, request, frameId, redirectedRequestId }: PausedRequest): void {
    const isMain = frameId === this.id
    const own = request.url === this.#own || request.url === this.url
    const kind = redirectedRequestId === undefined ? 'navigation' : 'redirect'
    const allowed = !isMain || (own && kind === 'navigation') || this.#answers.mayLoad(request.url, kind)
    const answer = allowed
      ? this.send('Fetch.continueRequest', { requestId })
      : this.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
    answer.catch(() => {})
  }

  /** Throws with Chromium's own words when nothing answers there. `prepare` finds the new address already. */
  async load(url: string, prepare: () => Promise<void>): Promise<void> {
    await this.opened
    this.#own = url
    this.url = url
    this.loading = true
    await prepare()
    const loaded = new Promise<void>(resolve => this.once('loaded', resolve))
    const { errorText } = await this.send<{ errorText?: string }>('Page.navigate', { url })
    if (errorText !== undefined) {
      this.loading = false
      throw new Error(errorText)
    }
    await loaded
  }

  async reload(): Promise<void> {
    this.#own = this.url
    this.loading = true
    await this.send('Page.reload')
  }

  toPreload(message: object): void {
    const expression = `standInFromMain(${JSON.stringify(message)})`
    for (const contextId of this.#preloads) this.send('Runtime.evaluate', { contextId, expression }).catch(() => {})
  }

  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.send<{
      result: { value: unknown }
      exceptionDetails?: { exception?: { description?: string } }
    }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true, userGesture: true })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? 'The script failed')
    return result.value
  }

  async setBounds(bounds: object): Promise<void> {
    await this.opened
    await chromium.send('Browser.setWindowBounds', { windowId: this.#windowId, bounds }).catch(() => {})
  }

  async activate(): Promise<void> {
    await this.opened
    await chromium.send('Target.activateTarget', { targetId: this.id }).catch(() => {})
  }

  close(): void {
    this.#closed = true
    void this.opened.then(() => chromium.send('Target.closeTarget', { targetId: this.id })).catch(() => {})
  }
}

interface PausedRequest {
  requestId: string
  frameId: string
  redirectedRequestId?: string
  request: { url: string }
}

function foundTarget(mark: string): Promise<string> {
  return new Promise(resolve => {
    const look = ({ targetInfo }: { targetInfo: { type: string; url: string; targetId: string } }) => {
      if (targetInfo.type !== 'page' || !targetInfo.url.includes(`${mark}<`)) return
      chromium.off('root:Target.targetCreated', look)
      chromium.off('root:Target.targetInfoChanged', look)
      resolve(targetInfo.targetId)
    }
    chromium.on('root:Target.targetCreated', look)
    chromium.on('root:Target.targetInfoChanged', look)
  })
}

function preloadSource({ source, argv }: { source: string; argv: string[] }): string {
  const facts = { platform: process.platform, versions: { electron: process.versions.electron }, argv }
  // Functions, because a replacement text would read `$` in them.
  return preloadWorld.replace('STAND_IN_FACTS', () => JSON.stringify(facts)).replace('STAND_IN_PRELOAD', () => source)
}

import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'

/** What DevTools answers is not described by types here; each caller names what it reads. */
type Answer<Shape> = Promise<Shape>

const startMs = 20_000

const switches = [
  '--remote-debugging-port=0',
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--password-store=basic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--test-type'
]

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

/** One Chromium with all windows of the app, spoken to over DevTools. Events are named `<session or root>:<method>`. */
class Chromium extends EventEmitter {
  /** Address of DevTools. */
  url = ''
  readonly #file = process.env.FLOTILLA_TEST_CHROMIUM ?? 'chromium'
  #folder = ''
  #process: ChildProcess | null = null
  #socket: WebSocket | null = null
  #lastId = 0
  readonly #waiting = new Map<number, Waiting>()

  async launch(folder: string, more: string[]): Promise<void> {
    this.setMaxListeners(0)
    this.#folder = folder
    const child = spawn(this.#file, [`--user-data-dir=${folder}`, ...switches, ...more], {
      stdio: ['ignore', 'ignore', 'pipe']
    })
    this.#process = child
    child.on('exit', () => this.emit('gone'))
    this.url = await devToolsUrl(child)
    await this.#connect()
    await this.send('Target.setDiscoverTargets', { discover: true })
  }

  async #connect(): Promise<void> {
    const socket = new WebSocket(this.url)
    this.#socket = socket
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve()
      socket.onerror = () => reject(new Error('DevTools cannot be reached'))
    })
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(String(data)))
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Chromium is gone'))
      this.#waiting.clear()
      this.emit('gone')
    }
  }

  #hear(message: {
    id?: number
    sessionId?: string
    method?: string
    params?: unknown
    result?: unknown
    error?: { message: string }
  }) {
    if (message.id === undefined) {
      this.emit(`${message.sessionId ?? 'root'}:${message.method}`, message.params)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error) waiting?.reject(new Error(message.error.message))
    else waiting?.resolve(message.result)
  }

  send<Shape>(method: string, params: object = {}, sessionId?: string): Answer<Shape> {
    const socket = this.#socket
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Error('Chromium is gone'))
    const id = ++this.#lastId
    socket.send(JSON.stringify({ id, method, params, sessionId }))
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: result => resolve(result as Shape), reject })
    })
  }

  /** A second process hands its address to the first one and ends; `--app` gives a window without tabs and address bar. */
  openAppWindow(address: string, bounds: { x: number; y: number; width: number; height: number }): void {
    const place = [`--window-size=${bounds.width},${bounds.height}`, `--window-position=${bounds.x},${bounds.y}`]
    const flags = [`--user-data-dir=${this.#folder}`, '--no-sandbox', '--test-type']
    spawn(this.#file, [...flags, ...place, `--app=${address}`], { stdio: 'ignore' })
  }

  /** Ends it; resolves when the process is gone. */
  async close(): Promise<void> {
    const child = this.#process
    if (child === null || child.exitCode !== null) return
    const gone = new Promise(resolve => child.once('exit', resolve))
    this.send('Browser.close').catch(() => {})
    const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
    await gone
    clearTimeout(timer)
  }
}

function devToolsUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string) => reject(new Error(`Chromium ${why}: ${said.slice(-400)}`))
    child.stderr?.on('data', chunk => {
      said += chunk
      const url = /^DevTools listening on (ws:\/\/\S+)$/m.exec(said)?.[1]
      if (url) resolve(url)
    })
    child.once('exit', code => fail(`ended with ${code}`))
    setTimeout(() => fail('did not start'), startMs).unref()
  })
}

export const chromium = new Chromium()

import { type Change, type ClientMessage, type ServerMessage, webSocketPath } from '#contract/live'
import type { Delta, RunEvent } from '#contract/runs/events'
import type { RunStatus } from '#contract/runs/runs'

/** What a follower of a run hears. `after` says which event it has already. */
export interface Follower {
  after: () => number
  event: (event: RunEvent) => void
  delta: (delta: Delta) => void
  end: (status: RunStatus) => void
  /** The connection is back: text that was half finished is lost. */
  resumed: () => void
}

export interface LiveListener {
  change: (change: Change) => void
  /** Changes were missed: everything shown may be old. */
  reset: () => void
  state: (state: LiveState) => void
}

/** `lost` says since when what is shown may be old. */
export type LiveState = { name: 'connecting' } | { name: 'open' } | { name: 'lost'; since: number }

const firstRetryMs = 300
const longestRetryMs = 15_000
/** A connection that shows no sign of life for so long is taken for dead. */
const openTimeoutMs = 10_000

/** What arrived is read for so long at a time; then the page has its turn. */
const readingMs = 5

/** The one WebSocket of this window. It comes back by itself, resumes by number and tells followers what they missed. */
export class LiveConnection {
  #listener: LiveListener
  #followers = new Map<string, Follower>()
  #socket: WebSocket | null = null
  #seq: number
  #met = false
  #failures = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #state: LiveState = { name: 'connecting' }
  #closed = false
  #unread: string[] = []
  // Timers would be held back in a window that nobody sees.
  #nextTurn = new MessageChannel()

  /** `after`: the change up to which what is shown is true. */
  constructor(listener: LiveListener, after: number) {
    this.#listener = listener
    this.#seq = after
    this.#nextTurn.port1.onmessage = () => this.#read()
    window.addEventListener('online', this.retryNow)
    document.addEventListener('visibilitychange', this.#onVisible)
    this.#connect()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    window.removeEventListener('online', this.retryNow)
    document.removeEventListener('visibilitychange', this.#onVisible)
    this.#socket?.close()
    this.#nextTurn.port1.close()
  }

  /** Hears the events of a run from `follower.after()` on, over every reconnect, until the returned function is called. */
  follow(runId: string, follower: Follower): () => void {
    this.#followers.set(runId, follower)
    this.#send({ type: 'follow', runId, after: follower.after() })
    return () => {
      if (this.#followers.get(runId) !== follower) return
      this.#followers.delete(runId)
      this.#send({ type: 'unfollow', runId })
    }
  }

  retryNow = (): void => {
    if (this.#closed || this.#state.name === 'open' || this.#socket?.readyState === WebSocket.CONNECTING) return
    clearTimeout(this.#retry)
    this.#connect()
  }

  #onVisible = (): void => {
    if (!document.hidden) this.retryNow()
  }

  #connect(): void {
    const url = new URL(webSocketPath, location.href)
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
    url.searchParams.set('after', String(this.#seq))
    const socket = new WebSocket(url)
    this.#socket = socket
    const giveUp = setTimeout(() => socket.close(), openTimeoutMs)
    socket.addEventListener('message', event => {
      clearTimeout(giveUp)
      const waiting = this.#unread.length > 0
      this.#unread = this.#unread.concat(String(event.data).split('\n'))
      if (!waiting) this.#read()
    })
    socket.addEventListener('close', () => {
      clearTimeout(giveUp)
      if (this.#socket === socket) this.#lost()
    })
  }

  #read(): void {
    const until = performance.now() + readingMs
    let read = 0
    try {
      for (const line of this.#unread) {
        if (read > 0 && performance.now() > until) break
        read += 1
        if (line !== '') this.#receive(JSON.parse(line) as ServerMessage)
      }
    } finally {
      this.#unread = this.#unread.slice(read)
      if (this.#unread.length > 0) this.#nextTurn.port2.postMessage(null)
    }
  }

  #lost(): void {
    this.#socket = null
    this.#unread = []
    if (this.#closed) return
    if (this.#state.name !== 'lost') this.#enter({ name: 'lost', since: Date.now() })
    const ceiling = Math.min(longestRetryMs, firstRetryMs * 2 ** this.#failures)
    this.#failures += 1
    // Jitter, so that many windows do not all come back in the same instant.
    this.#retry = setTimeout(() => this.#connect(), ceiling * (0.5 + Math.random() / 2))
  }

  #receive(message: ServerMessage) {
    switch (message.type) {
      case 'hello':
        return this.#opened()
      case 'change':
        this.#seq = message.change.seq
        return this.#listener.change(message.change)
      case 'reset':
        this.#seq = message.seq
        return this.#listener.reset()
      case 'event':
        return this.#followers.get(message.runId)?.event(message.event)
      case 'delta':
        return this.#followers.get(message.runId)?.delta(message.delta)
      case 'end':
        return this.#followers.get(message.runId)?.end(message.status)
      case 'error':
        return console.warn(`Live connection: ${message.message}`)
      default:
        message satisfies never
    }
  }

  #opened(): void {
    const again = this.#met
    this.#met = true
    this.#failures = 0
    this.#enter({ name: 'open' })
    for (const [runId, follower] of this.#followers) {
      if (again) follower.resumed()
      this.#send({ type: 'follow', runId, after: follower.after() })
    }
  }

  #enter(state: LiveState): void {
    this.#state = state
    this.#listener.state(state)
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }
}

import type { Request, Response } from 'express'
import { AppError } from '#contract/errors'
import type { Sink } from '../../realtime/tail.ts'

/** Streams that may be open at a time; beyond it a client is told to come back. */
const maxStreams = 1000
const heartbeatMs = 15_000
/** A listener that takes nothing for this long is dropped; it can resume from its last id. */
const stalledMs = 60_000

const open = new Map<Response, { blockedSince: number | null }>()
let heartbeat: NodeJS.Timeout | null = null

/** Ends every stream; its client may resume from its last id later. */
export function closeStreams(): void {
  for (const response of open.keys()) response.end()
}

/** Throws LIMIT_REACHED when no further stream may be opened. */
export function requireFreeStream(): void {
  if (open.size >= maxStreams) throw new AppError('LIMIT_REACHED', `${maxStreams} streams are open`)
}

/** A listener that hears nothing: whoever asks by HEAD wants to know what would come, not what does. */
const deaf: Sink = { write: () => {}, buffered: () => 0, onceDrained: () => {}, ended: () => true }

/** Makes the response an event stream. `onClose` is called once, whoever ends it. Throws LIMIT_REACHED. */
export function openEventStream(response: Response, onClose: () => void): Sink {
  requireFreeStream()
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no'
  })
  if (response.req.method === 'HEAD') {
    response.once('close', onClose).end()
    return deaf
  }
  response.flushHeaders()
  const state = { blockedSince: null as number | null }
  open.set(response, state)
  heartbeat ??= setInterval(beat, heartbeatMs).unref()
  response.once('close', () => {
    open.delete(response)
    if (open.size === 0 && heartbeat) {
      clearInterval(heartbeat)
      heartbeat = null
    }
    onClose()
  })
  return {
    write: frames => void response.write(frames),
    buffered: () => response.writableLength,
    onceDrained(resume) {
      if (response.writableLength === 0) {
        setImmediate(resume)
        return
      }
      state.blockedSince ??= performance.now()
      response.once('drain', () => {
        state.blockedSince = null
        resume()
      })
    },
    ended: () => response.writableEnded || response.destroyed
  }
}

/** One timer for all streams: a comment keeps proxies from closing them, and shows who is gone. */
function beat(): void {
  const now = performance.now()
  for (const [response, { blockedSince }] of open) {
    if (blockedSince !== null && now - blockedSince > stalledMs) response.destroy()
    else if (response.writableLength === 0) response.write(': alive\n\n')
  }
}

export function wantsEventStream(request: Request): boolean {
  return request.headers.accept?.includes('text/event-stream') ?? false
}

/** Where to resume: the browser's own header wins over the query. One that is empty, or no id of ours, says nothing. */
export function resumeAfter(request: Request, after: number): number {
  const last = request.get('last-event-id') ?? ''
  return /^\d{1,15}$/.test(last) ? Number(last) : after
}

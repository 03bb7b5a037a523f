import type { WebSocket } from 'ws'
import type { z } from 'zod'
import type { Endpoint } from '#contract/endpoint'
import type { Domain, Principal } from '../../domain/domain.ts'
import type { Sink } from '../../realtime/tail.ts'

/** What the speaker of a WebSocket gets. The socket is closed for it when the credential of the caller ends. */
export interface SocketCall<Query extends z.ZodType = z.ZodType> {
  query: z.output<Query>
  /** The domain as the caller acts on it and sees it. */
  domain: Domain
  principal: Principal
  socket: WebSocket
  /** Where a tail may write to it. */
  sink: Sink
}

/** A WebSocket of a face. */
export interface Socket {
  /** Under the face's base, for example `/api/v1/ws`. */
  path: string
  scope: Endpoint['scope']
  query: z.ZodType
  open(call: SocketCall): void
}

export function socket<Query extends z.ZodType>(
  wanted: Omit<Socket, 'query' | 'open'> & { query: Query; open(call: SocketCall<Query>): void }
): Socket {
  return wanted as Socket
}

/** A message of the socket may hold several texts, one a line: fewer messages under load, the same bytes for all. */
export function socketSink(ws: WebSocket): Sink {
  return {
    write: frames => ws.send(frames, { binary: false }),
    buffered: () => ws.bufferedAmount,
    onceDrained(resume) {
      const check = () => {
        if (ws.readyState !== ws.OPEN) return
        if (ws.bufferedAmount === 0) setImmediate(resume)
        else setTimeout(check, 50)
      }
      check()
    },
    ended: () => ws.readyState !== ws.OPEN
  }
}

import { z } from 'zod'
import { queryInt } from '#contract/endpoint'
import { type ClientMessage, clientMessage, maxFollowedRuns, type ServerMessage, webSocketPath } from '#contract/live'
import { changeBody, hears } from '../../domain/changes.ts'
import { seen } from '../../domain/people/sight.ts'
import { type ChangeWire, lastChange, tailChanges } from '../../realtime/change-tail.ts'
import { tailRun, type Wire } from '../../realtime/tail.ts'
import { type Socket, type SocketCall, socket } from '../for-faces.ts'

/** Ends a JSON text inside a message; JSON.stringify never writes a bare line feed. */
const separator = '\n'

const parameters = z.object({ after: queryInt(0, Number.MAX_SAFE_INTEGER).optional() })

/** `WS /api/v1/ws`: the changes of everything, and the events of the runs that the client follows. */
export const liveSocket: Socket = socket({ path: webSocketPath, scope: 'read', query: parameters, open: converse })

function converse({ domain, socket, sink, query }: SocketCall<typeof parameters>): void {
  const { store, bus } = domain
  const follows = new Map<string, () => void>()
  const say = (message: ServerMessage) => socket.send(JSON.stringify(message))
  const after = query.after ?? lastChange(store)
  say({ type: 'hello', seq: after })
  const wire: ChangeWire = {
    change: row => (hears(domain, row) ? `{"type":"change","change":${changeBody(domain, row)}}${separator}` : ''),
    reset: seq => `${JSON.stringify({ type: 'reset', seq } satisfies ServerMessage)}${separator}`
  }
  const stopChanges = tailChanges(store, bus, { after, sink, wire })

  function follow(runId: string, from: number): void {
    const run = seen(domain, 'runs', store.runs.byId(runId))
    follows.get(runId)?.()
    if (!run || follows.size >= maxFollowedRuns) {
      say({ type: 'error', message: run ? `At most ${maxFollowedRuns} runs at a time` : `There is no run ${runId}` })
      return
    }
    const forget = () => follows.delete(runId)
    const stop = tailRun(store, bus, { run: run.number, after: from, sink, wire: wireOf(run.id), onEnd: forget })
    follows.set(runId, () => {
      stop()
      forget()
    })
  }

  function hear(message: ClientMessage): void {
    switch (message.type) {
      case 'follow':
        follow(message.runId, message.after)
        break
      case 'unfollow':
        follows.get(message.runId)?.()
        break
      default:
        message satisfies never
    }
  }

  socket.on('message', data => {
    const parsed = clientMessage.safeParse(parseJson(String(data)))
    if (parsed.success) hear(parsed.data)
    else say({ type: 'error', message: 'Not a message of this socket; see /docs' })
  })
  socket.once('close', () => {
    stopChanges()
    for (const stop of [...follows.values()]) stop()
  })
}

const wires = new Map<string, Wire>()

/** One wire for each run, shared by all sockets, so that an event is encoded once for all of them. */
function wireOf(runId: string): Wire {
  const known = wires.get(runId)
  if (known) return known
  const id = JSON.stringify(runId)
  const wire: Wire = {
    event: ({ body }) => `{"type":"event","runId":${id},"event":${body}}${separator}`,
    delta: delta => `{"type":"delta","runId":${id},"delta":${JSON.stringify(delta)}}${separator}`,
    end: status => `{"type":"end","runId":${id},"status":"${status}"}${separator}`
  }
  if (wires.size >= 1000) wires.delete(wires.keys().next().value ?? '')
  wires.set(runId, wire)
  return wire
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { type Change, change, serverMessage } from '#contract/live'
import { type RunEvent, runEvent } from '#contract/runs/events'
import { isEnded, type RunStatus, runStatuses } from '#contract/runs/runs'
import { readStream } from '../../kit/events.ts'
import { hashOf, type Ledger, type Sighting } from './ledger.ts'
import type { Plane } from './plane.ts'
import type { Random } from './random.ts'

interface Listening {
  plane: Plane
  sighting: Sighting
  stop: AbortSignal
}

/** Follows a run to its end through every loss of the connection, in one of the three ways. */
export async function follow(plane: Plane, ledger: Ledger, runId: string, random: Random, stop: AbortSignal) {
  const how = random.pick(['sse', 'websocket', 'poll'] as const)
  const sighting: Sighting = { runId, how, after: random.chance(0.8) ? 0 : 1, events: [], end: null }
  ledger.sightings.push(sighting)
  const listening = { plane, sighting, stop }
  while (sighting.end === null && !stop.aborted) {
    await listen[how](listening).catch(() => {})
    await sleep(50)
  }
}

const listen = { sse: listenBySse, websocket: listenByWebSocket, poll: listenByPolling }

function cursor({ events, after }: Sighting): number {
  return events.at(-1)?.seq ?? after
}

function see(sighting: Sighting, event: RunEvent): void {
  sighting.events.push({ seq: event.seq, hash: hashOf(event) })
}

async function listenBySse({ plane, sighting, stop }: Listening): Promise<void> {
  const { app } = await plane.up()
  let taken = 0
  await readStream(
    app,
    `/api/v1/runs/${sighting.runId}/events`,
    frames => {
      for (const { event, data } of frames.slice(taken)) {
        if (event === 'message') see(sighting, runEvent.parse(JSON.parse(data)))
        if (event === 'end') sighting.end = statusIn(data)
      }
      taken = frames.length
      return sighting.end !== null || stop.aborted
    },
    { 'last-event-id': String(cursor(sighting)) }
  )
}

function statusIn(data: string): RunStatus {
  const { status } = JSON.parse(data) as { status: string }
  const known = runStatuses.find(one => one === status)
  if (!known) throw new Error(`an end with status ${status}`)
  return known
}

async function listenByWebSocket({ plane, sighting, stop }: Listening): Promise<void> {
  const { app } = await plane.up()
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/ws`, {
    headers: { authorization: `Bearer ${app.ownerToken}` }
  })
  const abort = () => socket.terminate()
  stop.addEventListener('abort', abort)
  await new Promise<void>(resolve => {
    socket.once('open', () =>
      socket.send(JSON.stringify({ type: 'follow', runId: sighting.runId, after: cursor(sighting) }))
    )
    socket.on('message', data => {
      for (const line of String(data).split('\n').filter(Boolean)) {
        const message = serverMessage.parse(JSON.parse(line))
        if (message.type === 'event') see(sighting, message.event)
        if (message.type === 'end') {
          sighting.end = message.status
          socket.close()
        }
      }
    })
    socket.on('error', () => {})
    socket.once('close', () => resolve())
  })
  stop.removeEventListener('abort', abort)
}

async function listenByPolling({ plane, sighting, stop }: Listening): Promise<void> {
  while (!stop.aborted) {
    // The status first: an end that comes between the two questions must not hide the last events.
    const status = statusIn((await plane.ask('GET', `/api/v1/runs/${sighting.runId}`)).text)
    const page = await plane.ask('GET', `/api/v1/runs/${sighting.runId}/events?after=${cursor(sighting)}&limit=100`)
    const { data } = page.body as { data: unknown[] }
    for (const event of data) see(sighting, runEvent.parse(event))
    if (isEnded(status) && data.length === 0) {
      sighting.end = status
      return
    }
    await sleep(150)
  }
}

/** Follows the changes of everything; `onChange` hears each one. */
export async function followChanges(
  plane: Plane,
  ledger: Ledger,
  onChange: (change: Change) => void,
  stop: AbortSignal
): Promise<void> {
  let last = 0
  while (!stop.aborted) {
    const { app } = await plane.up()
    let taken = 0
    await readStream(app, `/api/v1/stream?after=${last}`, frames => {
      for (const frame of frames.slice(taken)) {
        const seq = Number(frame.id)
        if (seq <= last) ledger.contradictions.push(`change ${seq} came after change ${last}`)
        if (frame.event === 'reset') ledger.contradictions.push(`the changes after ${last} are not there any more`)
        last = seq
        if (frame.event === 'change') onChange(change.parse(JSON.parse(frame.data)))
      }
      taken = frames.length
      return stop.aborted
    }).catch(() => sleep(50))
  }
}

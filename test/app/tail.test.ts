import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type ServerMessage, streamChanges } from '#contract/live'
import { type Assignment, sendEvents } from '#contract/runners/runner-protocol'
import { listRunEvents } from '#contract/runs/events'
import { launchRun } from '#contract/runs/runs'
import { eventsOf, readStream } from '../kit/events.ts'
import { connectRunner, type Draft, type RunnerClient } from '../kit/runner-client.ts'
import { type App, startApp } from '../kit/start-app.ts'

let app: App
let runner: RunnerClient

beforeAll(async () => {
  app = await startApp()
  runner = await connectRunner(app, { capacity: 100 })
})
afterAll(() => app.close())

async function running(): Promise<Assignment> {
  const { id } = await app.call(launchRun, { body: { prompt: 'x' } })
  const assignment = await runner.take(id)
  await runner.send(assignment, { type: 'started' })
  return assignment
}

const say = (message: string): Draft => ({ type: 'event', kind: 'assistant', message, data: { n: message } })
const path = (assignment: Assignment) => `/api/v1/runs/${assignment.runId}/events`

describe('by poll', () => {
  test('events come after the last one seen, at most 500 at a time', async () => {
    const assignment = await running()
    const drafts = Array.from({ length: 600 }, (_, n) => say(`line ${n}`))
    await runner.send(assignment, ...drafts)
    const seqsAfter = async (after: number) =>
      (await app.call(listRunEvents, { params: { id: assignment.runId }, query: { after } })).data.map(
        event => event.seq
      )
    expect(await seqsAfter(0)).toHaveLength(500)
    expect(await seqsAfter(500)).toEqual(Array.from({ length: 101 }, (_, n) => 501 + n))
    expect((await app.request('GET', `${path(assignment)}?after=601`)).body).toEqual({ data: [] })
    expect((await app.request('GET', `${path(assignment)}?after=-1`)).status).toBe(400)
  })
})

describe('by server-sent events', () => {
  test('what was, then what comes, without a gap or a double, and an end', async () => {
    const assignment = await running()
    await runner.send(assignment, say('before'))
    const stream = readStream(app, path(assignment), frames => frames.some(frame => frame.event === 'end'))
    for (let n = 0; n < 20; n++) await runner.send(assignment, say(`live ${n}`), say(`also ${n}`))
    await runner.finish(assignment, 'SUCCEEDED')
    const frames = await stream
    const ids = frames.filter(frame => frame.event === 'message').map(frame => Number(frame.id))
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, n) => n + 1))
    expect(ids).toHaveLength(43)
    expect(JSON.parse(frames.at(-1)?.data ?? '')).toEqual({ status: 'SUCCEEDED' })
  })

  test('Last-Event-ID and ?after= resume', async () => {
    const assignment = await running()
    await runner.send(assignment, say('one'), say('two'))
    await runner.finish(assignment, 'SUCCEEDED')
    const all = (frames: { event: string }[]) => frames.some(frame => frame.event === 'end')
    const byHeader = await readStream(app, path(assignment), all, { 'last-event-id': '2' })
    expect(byHeader.map(frame => frame.id)).toEqual(['3', '4', null])
    const byQuery = await readStream(app, `${path(assignment)}?after=3`, all)
    expect(byQuery.map(frame => frame.id)).toEqual(['4', null])
  })

  test('half-finished text reaches who listens, and is never stored', async () => {
    const assignment = await running()
    const stream = readStream(app, path(assignment), frames => frames.some(frame => frame.event === 'delta'))
    // Deltas go to listeners only, so it is sent until the listener is there.
    let heard = false
    void stream.then(() => {
      heard = true
    })
    while (!heard)
      await app.call(sendEvents, {
        params: { id: assignment.runId },
        body: {
          runnerId: runner.runnerId,
          incarnation: runner.incarnation,
          attempt: assignment.attempt,
          items: [],
          deltas: [{ block: 'b1', kind: 'assistant', text: 'Hel' }]
        }
      })
    const delta = (await stream).find(frame => frame.event === 'delta')
    expect(delta?.id).toBeNull()
    expect(JSON.parse(delta?.data ?? '')).toMatchObject({ block: 'b1', text: 'Hel' })
    expect((await eventsOf(app, assignment.runId)).map(event => event.kind)).toEqual(['user'])
  })

  test('a listener that stalls costs nothing and misses nothing', async () => {
    const assignment = await running()
    const answer = await fetch(app.url + path(assignment), {
      headers: { authorization: `Bearer ${app.ownerToken}`, accept: 'text/event-stream' }
    })
    const reader = answer.body?.getReader()
    if (!reader) throw new Error('no body')
    const text = 'y'.repeat(200_000)
    for (let n = 0; n < 60; n++) await runner.send(assignment, say(text))
    await runner.finish(assignment, 'SUCCEEDED')
    const decoder = new TextDecoder()
    let received = ''
    for (let part = await reader.read(); !part.done; part = await reader.read())
      received += decoder.decode(part.value, { stream: true })
    const ids = [...received.matchAll(/^id: (\d+)$/gm)].map(match => Number(match[1]))
    expect(ids).toEqual(Array.from({ length: 62 }, (_, n) => n + 1))
  })
})

describe('the changes of everything', () => {
  test('arrive with the thing as it is, and resume', async () => {
    const last = (await app.call(streamChanges, { query: { after: 0 } })).data.at(-1)?.seq ?? 0
    const stream = readStream(app, `/api/v1/stream?after=${last}`, frames => frames.length > 0)
    const run = await app.call(launchRun, { body: { prompt: 'changes' } })
    const change = JSON.parse((await stream)[0]?.data ?? '')
    expect(change).toMatchObject({
      noun: 'run',
      op: 'created',
      id: run.id,
      data: { input: 'changes', status: 'QUEUED' }
    })
    const again = await readStream(app, `/api/v1/stream?after=${last}`, frames => frames.length > 0)
    expect(again[0]?.id).toBe(String(change.seq))
  })

  test('a listener from a future that never was is told to read again', async () => {
    const frames = await readStream(app, '/api/v1/stream?after=999999999', frames => frames.length > 0)
    expect(frames[0]?.event).toBe('reset')
  })
})

describe('by WebSocket', () => {
  async function connect(headers: Record<string, string> = { authorization: `Bearer ${app.ownerToken}` }) {
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/ws`, { headers })
    const messages: ServerMessage[] = []
    const waiting = new Set<() => void>()
    socket.on('message', data => {
      for (const line of String(data).split('\n')) if (line) messages.push(JSON.parse(line) as ServerMessage)
      for (const wake of waiting) wake()
    })
    await once(socket, 'open')
    const until = async (enough: () => boolean) => {
      while (!enough())
        await new Promise<void>(resolve => {
          const wake = () => {
            waiting.delete(wake)
            resolve()
          }
          waiting.add(wake)
        })
    }
    return { socket, messages, until }
  }

  test('changes come unasked, events of a run after follow, and its end', async () => {
    const assignment = await running()
    const { socket, messages, until } = await connect()
    socket.send(JSON.stringify({ type: 'follow', runId: assignment.runId, after: 0 }))
    await until(() => messages.some(message => message.type === 'event'))
    await runner.send(assignment, say('hello'))
    await runner.finish(assignment, 'SUCCEEDED')
    await until(() => messages.some(message => message.type === 'end'))
    const seqs = messages.flatMap(message => (message.type === 'event' ? [message.event.seq] : []))
    expect(seqs).toEqual([1, 2, 3])
    await until(() => messages.some(message => message.type === 'change' && message.change.id === assignment.runId))
    expect(messages[0]?.type).toBe('hello')
    socket.close()
  })

  test('nonsense is answered, not fatal', async () => {
    const { socket, messages, until } = await connect()
    socket.send('{"type":"drop tables"}')
    socket.send('not json')
    await until(() => messages.filter(message => message.type === 'error').length === 2)
    expect(socket.readyState).toBe(WebSocket.OPEN)
    socket.close()
  })

  test.each([
    [{}, 401],
    [{ authorization: 'Bearer nope' }, 401],
    [{ origin: 'http://evil.example' }, 403],
    [{ host: 'evil.example' }, 421]
  ])('with %j it is refused with %i', async (headers, status) => {
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/ws`, { headers })
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }]
    expect(answer.statusCode).toBe(status)
    socket.on('error', () => undefined).terminate()
  })
})

import type { RunEvent } from '#contract/runs/events'
import { listRunEvents } from '#contract/runs/events'
import { getRun, isEnded, type Run } from '#contract/runs/runs'
import type { App } from './start-app.ts'

export async function eventsOf(app: App, runId: string, after = 0): Promise<RunEvent[]> {
  const all: RunEvent[] = []
  for (;;) {
    const { data } = await app.call(listRunEvents, {
      params: { id: runId },
      query: { after: all.at(-1)?.seq ?? after }
    })
    all.push(...data)
    if (data.length < 500) return all
  }
}

export interface Frame {
  event: string
  id: string | null
  data: string
}

/** Reads server-sent events until `enough` says so or the stream ends; then the connection is closed. */
export async function readStream(
  app: Pick<App, 'url' | 'ownerToken'>,
  path: string,
  enough: (frames: Frame[]) => boolean,
  headers: Record<string, string> = {},
  body?: unknown
): Promise<Frame[]> {
  const abort = new AbortController()
  const answer = await fetch(app.url + path, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      authorization: `Bearer ${app.ownerToken}`,
      accept: 'text/event-stream',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers
    },
    signal: abort.signal
  })
  if (answer.status !== 200 || !answer.body) throw new Error(`${path} answered ${answer.status}`)
  const frames: Frame[] = []
  let rest = ''
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split('\n\n')
    rest = parts.pop() ?? ''
    frames.push(...parts.filter(part => !part.startsWith(':')).map(toFrame))
    if (enough(frames)) {
      abort.abort()
      break
    }
  }
  return frames
}

function toFrame(text: string): Frame {
  // Not by a pattern: to those, a line also ends at the separators of Unicode, which may stand in the data.
  const lines = text.split('\n')
  const field = (name: string) => lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2)
  return { event: field('event') ?? 'message', id: field('id') ?? null, data: field('data') ?? '' }
}

/** Waits on the run's own live stream until it has a status, without polling. */
export async function untilStatus(app: App, runId: string, ...wanted: Run['status'][]): Promise<Run> {
  let found: Run | null = null
  const current = await app.call(getRun, { params: { id: runId } })
  if (wanted.includes(current.status)) return current
  await readStream(app, '/api/v1/stream?after=0', frames => {
    for (const frame of frames) {
      if (frame.event !== 'change') continue
      const change = JSON.parse(frame.data) as { noun: string; id: string; data: Run | null }
      if (change.noun !== 'run' || change.id !== runId || !change.data) continue
      if (wanted.includes(change.data.status)) found = change.data
      else if (isEnded(change.data.status))
        throw new Error(`the run ended ${change.data.status}: ${JSON.stringify(change.data.error)}`)
    }
    return found !== null
  })
  if (!found) throw new Error(`the stream ended before the run was ${wanted.join(' or ')}`)
  return found
}

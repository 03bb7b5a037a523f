const words = 'The test fails since the fixture is read before the folder is there; I will wait for the folder first. '
const ts = '2026-01-01T00:00:00.000Z'

/** An event as it lies in the store: about 330 bytes, the mean of recorded sessions without file contents. */
export function eventBody(seq: number): string {
  return JSON.stringify({ seq, ts, kind: 'assistant', message: words.repeat(2), data: { block: `b${seq}` } })
}

/** The same text as an agent prints it by the command protocol. */
export function agentLine(seq: number): string {
  return JSON.stringify({ type: 'text', text: words.repeat(2), block: `b${seq}` })
}

/** The same event as a runner sends it. */
export function eventItem(n: number, data: Record<string, unknown> = {}): object {
  return { type: 'event', n, ts, kind: 'assistant', message: words.repeat(2), data: { ...data, block: `b${n}` } }
}

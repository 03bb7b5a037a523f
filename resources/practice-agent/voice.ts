import { setTimeout as sleep } from 'node:timers/promises'
import type { FromAgent } from '../../server/runner/runtimes/command-protocol.ts'

type Sent = FromAgent extends infer Line ? (Line extends FromAgent ? Partial<Line> & Pick<Line, 'type'> : never) : never

const pauseMs = 20
/** A long text is not worth a long wait. */
const mostPieces = 60

let blocks = 0

export function send(line: Sent): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** Says a text as it would be spoken: piece by piece, then whole. */
export async function say(text: string, signal: AbortSignal): Promise<void> {
  const block = `block-${++blocks}`
  const words = text.match(/\s*\S+/g) ?? []
  const size = Math.max(2, Math.ceil(words.length / mostPieces))
  for (let i = 0; i < words.length; i += size) {
    send({ type: 'delta', block, text: words.slice(i, i + size).join('') })
    await sleep(pauseMs, null, { signal })
  }
  send({ type: 'text', text, block })
}

import type { ServerResponse } from 'node:http'
import { AppError } from '#contract/errors'

/** Answers that may be waited for at a time. */
const maxAwaited = 1000
const spaceEveryMs = 15_000

let awaited = 0

/** Throws LIMIT_REACHED, before anything is begun for whom nothing more can be waited for. */
export function requireRoomToWait(): void {
  if (awaited >= maxAwaited) throw new AppError('LIMIT_REACHED', `${maxAwaited} requests wait for their outcome`)
}

/**
 * What an answer in JSON waits for. Clients and proxies give up on what says nothing for minutes: a space ahead of JSON means
 * nothing, and shows that the answer still comes. From the first one on its status is sent.
 */
export async function whileWaiting<Outcome>(
  response: Pick<ServerResponse, 'headersSent' | 'statusCode' | 'setHeader' | 'write' | 'destroyed'>,
  status: number,
  outcome: Promise<Outcome>,
  everyMs = spaceEveryMs
): Promise<Outcome> {
  awaited++
  const timer = setInterval(() => {
    if (response.destroyed) return
    if (!response.headersSent) {
      response.statusCode = status
      response.setHeader('Content-Type', 'application/json; charset=utf-8')
    }
    response.write(' ')
  }, everyMs)
  try {
    return await outcome
  } finally {
    awaited--
    clearInterval(timer)
  }
}

import type { z } from 'zod'
import type { Endpoint } from '#contract/endpoint'

/** Where a control plane answers, and what opens it. */
export interface Address {
  url: string
  ownerToken: string
}

const answerMs = 5000

/** Calls an endpoint without path parameters as the owner. Throws when the answer is not a success. */
export async function call<E extends Endpoint>(
  { url, ownerToken }: Address,
  endpoint: E,
  query: Record<string, string> = {}
): Promise<z.output<E['output']>> {
  const search = new URLSearchParams(query).toString()
  const answer = await fetch(`${url}${endpoint.path}${search && `?${search}`}`, {
    method: endpoint.method,
    headers: { authorization: `Bearer ${ownerToken}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(answerMs),
    ...(endpoint.method === 'GET' ? {} : { body: '{}' })
  })
  if (answer.status !== endpoint.status)
    throw new Error(`${endpoint.method} ${url}${endpoint.path} answered ${answer.status}`)
  return endpoint.output.parse(await answer.json()) as z.output<E['output']>
}

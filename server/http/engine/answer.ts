import type { Response } from 'express'
import type { Endpoint } from '#contract/endpoint'
import type { AnyCall, Rendered, Route } from '../route.ts'
import { etagOf, isKnown } from './conditional.ts'
import type { ListCache } from './list-cache.ts'

/** What leaves is what the contract says: parsing drops every field that it does not name. */
export function render(endpoint: Endpoint, value: unknown): string {
  return JSON.stringify(endpoint.output.parse(value))
}

/** Runners ask for what is next, never for what they have. */
export function hasTag({ scope }: Pick<Endpoint, 'scope'>): boolean {
  return scope !== 'runner'
}

export function send({ endpoint }: Route, { request, response }: AnyCall, rendered: Rendered, status: number): void {
  if (hasTag(endpoint)) {
    const tag = 'body' in rendered ? etagOf(rendered.body) : rendered.tag
    response.setHeader('ETag', tag)
    if (endpoint.method === 'GET' && isKnown(request.headers['if-none-match'], tag)) {
      response.status(304).end()
      return
    }
  }
  response.status(status).type('application/json')
  if ('body' in rendered) response.send(rendered.body)
  else sendPieces(response, rendered.pieces)
}

type ListRoute = Extract<Route, { kind: 'read' }> & { of: NonNullable<unknown> }

/** Named by the versions of what is in it: who has it already is told so before anything is read. */
export function sendList(lists: ListCache, { endpoint, of, handle }: ListRoute, call: AnyCall): void {
  const { domain, request, response } = call
  const tag = lists.tagOf(domain, of)
  response.setHeader('ETag', tag)
  if (isKnown(request.headers['if-none-match'], tag)) {
    response.status(304).end()
    return
  }
  const body = lists.body(domain, request.originalUrl, tag, () => render(endpoint, handle(call)))
  response.status(endpoint.status).type('application/json').setHeader('Content-Length', body.length)
  response.end(body)
}

/** Never joined: a page of events is large, and would only be copied. */
function sendPieces(response: Response, pieces: readonly Buffer[]): void {
  response.setHeader(
    'Content-Length',
    pieces.reduce((sum, piece) => sum + piece.length, 0)
  )
  for (const piece of pieces) response.write(piece)
  response.end()
}

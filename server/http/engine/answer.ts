import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
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

export async function send(
  { endpoint }: Route,
  { request, response }: AnyCall,
  rendered: Rendered,
  status: number
): Promise<void> {
  if (hasTag(endpoint)) {
    const tag = tagOf(rendered)
    response.setHeader('ETag', tag)
    if (endpoint.method === 'GET' && isKnown(request.headers['if-none-match'], tag)) {
      response.status(304).end()
      return
    }
  }
  response.status(status).type('application/json')
  if ('body' in rendered) response.send(rendered.body)
  else if ('pieces' in rendered) sendPieces(response, rendered.pieces)
  else if (request.method === 'HEAD') response.end()
  else await sendFlow(response, rendered.flow)
}

export function tagOf(rendered: Rendered): string {
  return 'body' in rendered ? etagOf(rendered.body) : rendered.tag
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

/** What breaks off half way is cut, so that nobody takes it for whole. */
async function sendFlow(response: Response, flow: Iterable<Buffer>): Promise<void> {
  const pieces = Readable.from(flow, { objectMode: true, highWaterMark: 1 })
  await pipeline(pieces, response).catch(error => {
    if (!isClientGone(error)) throw error
  })
}

function isClientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
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

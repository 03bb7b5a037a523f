import type { Request, Response } from 'express'
import { isKnown } from '../engine/conditional.ts'

interface ContentFile {
  type: string
  /** Names its content, which never changes at this address. */
  hash: string
  content: Buffer
}

/** It is looked at and nothing else: no script, no style, no frame. */
const policy = "default-src 'none'; sandbox"
const yearSeconds = 31_536_000

/** Answers with a file that is told by its content. Browsers keep it for the login that they asked with. */
export function sendFile({ type, hash, content }: ContentFile, request: Request, response: Response): void {
  const tag = `"${hash}"`
  response.setHeader('ETag', tag)
  response.setHeader('Cache-Control', `private, max-age=${yearSeconds}, immutable`)
  response.setHeader('Vary', 'Cookie, Authorization')
  response.setHeader('Content-Security-Policy', policy)
  if (isKnown(request.headers['if-none-match'], tag)) {
    response.status(304).end()
    return
  }
  response.setHeader('Content-Type', type)
  response.setHeader('Content-Disposition', 'inline')
  response.setHeader('Content-Length', content.length)
  response.end(content)
}

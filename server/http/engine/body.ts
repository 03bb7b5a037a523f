import express, { type Request, type RequestHandler } from 'express'
import { AppError } from '#contract/errors'

/** Largest request body. */
const maxBodyBytes = 10 * 1024 * 1024

const parseJson = express.json({ limit: maxBodyBytes, strict: false, type: 'application/json' })

/** Reads the body of a request, once it is known who sends it. That of a GET means nothing unless it holds parameters. */
export const parseBody =
  (ofGet: boolean): RequestHandler =>
  async (request, response, next) => {
    const looking = request.method === 'GET' || request.method === 'HEAD'
    if (looking && !ofGet) return next()
    if (!looking && !request.is('application/json') && (await carriesBody(request))) {
      request.resume()
      throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json')
    }
    parseJson(request, response, next)
  }

/** What is sent in chunks says nothing of how much will come: the first of them tells, or the end. */
async function carriesBody(request: Request): Promise<boolean> {
  if (request.headers['transfer-encoding'] === undefined) return Number(request.headers['content-length'] ?? 0) > 0
  if (request.readableEnded) return false
  await new Promise<void>(resolve => {
    for (const event of ['readable', 'end', 'close']) request.once(event, () => resolve())
  })
  return request.read() !== null
}

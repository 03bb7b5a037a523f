import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import type { Services } from '../services.ts'
import { csvLine } from './csv.ts'

export interface TextFile {
  name: string
  type: string
  text: AsyncIterable<string>
}

/** Answers with a file that is made while it is sent. */
export function sendTextFile({ log }: Pick<Services, 'log'>, { name, type, text }: TextFile, response: Response): void {
  response.type(type)
  response.setHeader('Content-Disposition', `attachment; filename="${name}"`)
  if (response.req.method === 'HEAD') {
    response.end()
    return
  }
  // A client that goes away ends it; the rest is a fault of ours, and the connection breaks so that nobody takes half for whole.
  pipeline(Readable.from(text), response).catch(error => {
    if (!response.destroyed || !response.req.destroyed) log.error(`the file ${name} broke off`, error)
  })
}

export const csvType = 'text/csv; charset=utf-8'

/** The head and the lines of a table. */
export async function* csvOf(
  names: readonly string[],
  pieces: AsyncIterable<readonly (readonly unknown[])[]>
): AsyncGenerator<string> {
  yield csvLine(names)
  for await (const piece of pieces) yield piece.map(csvLine).join('')
}

import { randomUUID } from 'node:crypto'
import type { AgentProcess, Place } from '../places/place.ts'

export type Around = Pick<Place, 'environment' | 'start'>

/** What is kept of what a command says: its end, in characters. */
const keptOutput = 2000
/** For what a command started and left, in ms. */
const killMs = 500

export interface Ended {
  /** null: by a signal. */
  exitCode: number | null
  output: string
}

/** Runs a program where agents run, with what they inherit and nothing to read, until it ends. Throws when it is aborted. */
export async function runToEnd(
  place: Around,
  { file, args, cwd }: { file: string; args: string[]; cwd: string },
  signal: AbortSignal
): Promise<Ended> {
  const command = { file, args, env: {}, stopSignal: 'SIGTERM' as const }
  const env = await place.environment()
  const process = await place.start({ command, cwd, env, runId: `check-${randomUUID()}` })
  process.closeStdin()
  let output = ''
  for (const stream of [process.stdout, process.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-keptOutput)
    })
  const code = await ended(process, signal)
  await process.settle()
  return { exitCode: code, output }
}

async function ended(process: AgentProcess, signal: AbortSignal): Promise<number | null> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(new Error('It was not done in time'))
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    return (await Promise.race([process.exited, aborted.promise])).code
  } catch (error) {
    await process.kill(killMs)
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
    aborted.promise.catch(() => undefined)
  }
}

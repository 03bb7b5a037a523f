import { readFileSync } from 'node:fs'
import Docker from 'dockerode'
import type { EngineAddress, TlsFiles } from '../address.ts'
import { EngineFault } from '../fault.ts'

/** Everything is said here: what is left open dockerode fills from the environment of this process. */
export function connect(address: EngineAddress): Docker {
  const none = { host: '', port: undefined, socketPath: undefined, ca: undefined, cert: undefined, key: undefined }
  try {
    if (address.kind === 'socket') return new Docker({ ...none, protocol: 'http', socketPath: address.path })
    const { host, port, tls } = address
    const protocol = tls ? 'https' : 'http'
    return new Docker({ ...none, protocol, host, port, ...(tls ? certificatesOf(tls) : {}) })
  } catch (error) {
    throw new EngineFault('NOT_TRUSTED', error instanceof Error ? error.message : String(error))
  }
}

function certificatesOf({ ca, cert, key }: TlsFiles): Record<keyof TlsFiles, Buffer> {
  return { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) }
}

/** Calls of which the types do not know that they can be aborted. */
interface Abortable {
  ping(options: { abortSignal: AbortSignal }): Promise<unknown>
  version(options: { abortSignal: AbortSignal }): Promise<unknown>
  info(options: { abortSignal: AbortSignal }): Promise<unknown>
}

export async function ping(docker: Docker, abortSignal: AbortSignal): Promise<void> {
  await bounded(abortSignal, (docker as unknown as Abortable).ping({ abortSignal }))
}

/** What an engine says of itself. */
export async function askWhat(docker: Docker, abortSignal: AbortSignal): Promise<{ version: unknown; info: unknown }> {
  const abortable = docker as unknown as Abortable
  const asked = Promise.all([abortable.version({ abortSignal }), abortable.info({ abortSignal })])
  const [version, info] = await bounded(abortSignal, asked)
  return { version, info }
}

/** A call whose answer breaks off in the middle never ends by itself. Throws what `signal` is aborted with. */
export function bounded<Value>(signal: AbortSignal, call: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    call.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

import { createHash } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const instance = z.object({ pid: z.int(), version: z.string() })
export type Instance = z.infer<typeof instance>

/** Longest socket path that every platform takes, in bytes. */
const longestPath = 90
const answerMs = 2000

/** Where the runner of a data folder can be asked for. */
export function instancePath(dataDir: string, platform = process.platform): string {
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  if (platform === 'win32') return `\\\\.\\pipe\\flotilla-runner-${hash}`
  const path = join(dataDir, 'runner.sock')
  return Buffer.byteLength(path) <= longestPath ? path : join(tmpdir(), `flotilla-runner-${hash}.sock`)
}

/** The runner that lives on this data folder and answers, or null. */
export function findInstance(dataDir: string): Promise<Instance | null> {
  return new Promise(resolve => {
    const socket = connect(instancePath(dataDir))
    const chunks: Buffer[] = []
    socket.setTimeout(answerMs, () => socket.destroy())
    socket.on('data', chunk => {
      chunks.push(chunk)
      if (chunk.includes('\n')) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(parseInstance(Buffer.concat(chunks).toString('utf8'))))
  })
}

export interface LivingInstance {
  /** Resolves when its process is gone, or after `release`. */
  gone: Promise<void>
  release(): void
}

/** The process that lives on this data folder, or null. One that is frozen and does not answer lives, too. */
export function watchInstance(dataDir: string): Promise<LivingInstance | null> {
  return new Promise(resolve => {
    const socket = connect(instancePath(dataDir))
    const gone = new Promise<void>(ended => socket.once('close', () => ended()))
    socket.on('error', () => resolve(null))
    socket.once('connect', () => resolve({ gone, release: () => void socket.destroy() }))
    socket.resume()
  })
}

function parseInstance(text: string): Instance | null {
  try {
    return instance.parse(JSON.parse(text))
  } catch {
    return null
  }
}

export interface InstanceLock {
  release(): void
}

/**
 * Makes this process the runner of a data folder. Null: another one lives. Two that start in the same instant over a
 * stale socket may both get it; the control plane then keeps the one that registers last.
 */
export async function becomeInstance(dataDir: string, self: Instance): Promise<InstanceLock | null> {
  const path = instancePath(dataDir)
  const first = await listen(path, self)
  if (first !== null) return lockOf(first)
  const living = await watchInstance(dataDir)
  living?.release()
  if (living !== null) return null
  removeStale(path)
  const second = await listen(path, self)
  return second === null ? null : lockOf(second)
}

function listen(path: string, self: Instance): Promise<Server | null> {
  const server = createServer(socket => {
    socket.on('error', () => {})
    // Left open: whoever watches this process learns from its end.
    socket.write(`${JSON.stringify(self)}\n`)
    socket.resume()
  })
  return new Promise((resolve, reject) => {
    server.once('error', error => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(path, () => resolve(server))
  })
}

function lockOf(server: Server): InstanceLock {
  return { release: () => void server.close() }
}

function removeStale(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Somebody else was faster.
  }
}

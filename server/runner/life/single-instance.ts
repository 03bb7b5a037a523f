import { createHash } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const instance = z.object({ pid: z.int(), version: z.string() })
export type Instance = z.infer<typeof instance>

/** Longest socket path that every platform takes, in bytes. */
const longestPath = 90
const answerMs = 2000
const maxWatchers = 100
const drainRequest = 'drain\n'

/** The process that takes runs on a data folder; one that drains answers under its identity instead. */
const usualName = 'runner'

/** Where the runner of a data folder can be asked for. */
export function instancePath(dataDir: string, name = usualName, platform = process.platform): string {
  const hash = createHash('sha256').update(`${dataDir}\n${name}`).digest('hex').slice(0, 16)
  if (platform === 'win32') return `\\\\.\\pipe\\flotilla-runner-${hash}`
  const path = join(dataDir, `${name}.sock`)
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
  /** Resolves when its lock is free, or after `release`. */
  gone: Promise<void>
  release(): void
}

/**
 * The process that lives on this data folder, or null. One that is frozen and does not answer lives, too. With a
 * `version`, one that says that it is of another version is asked to give its lock up and to finish what it has.
 */
export function watchInstance(dataDir: string, name = usualName, version?: string): Promise<LivingInstance | null> {
  return new Promise(resolve => {
    const socket = connect(instancePath(dataDir, name))
    const gone = new Promise<void>(ended => socket.once('close', () => ended()))
    socket.on('error', () => resolve(null))
    socket.once('connect', () => resolve({ gone, release: () => void socket.destroy() }))
    // It says who it is in one write.
    socket.once('data', greeting => {
      const other = parseInstance(greeting.toString('utf8'))
      if (version !== undefined && other !== null && other.version !== version) socket.write(drainRequest)
    })
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
  /** Frees the lock; whoever watches this process learns it. */
  release(): void
}

export interface InstanceOptions {
  name?: string
  /** Another version asks for this lock. */
  onDrain?(): void
}

/**
 * Makes this process the runner of a data folder. Null: another one lives. Two that start in the same instant over a
 * stale socket may both get it; the control plane then keeps the one that registers last.
 */
export async function becomeInstance(
  dataDir: string,
  self: Instance,
  { name = usualName, onDrain = () => {} }: InstanceOptions = {}
): Promise<InstanceLock | null> {
  const path = instancePath(dataDir, name)
  const first = await listen(path, self, onDrain)
  if (first !== null) return first
  const living = await watchInstance(dataDir, name)
  living?.release()
  if (living !== null) return null
  removeStale(path)
  return await listen(path, self, onDrain)
}

function listen(path: string, self: Instance, onDrain: () => void): Promise<InstanceLock | null> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    // Left open: whoever watches this process learns from its end.
    socket.write(`${JSON.stringify(self)}\n`)
    socket.on('data', said => {
      if (said.toString('utf8') === drainRequest) onDrain()
    })
  })
  server.maxConnections = maxWatchers
  function release(): void {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return new Promise((resolve, reject) => {
    server.once('error', error => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(path, () => resolve({ release }))
  })
}

function removeStale(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Somebody else was faster.
  }
}

import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SecondInstance {
  argv: string[]
  cwd: string
}

/** Like Electron's it answers at once: a file with our process id decides, and the second one hands over its arguments. */
export function lockInstance(userData: string, onSecond: (second: SecondInstance) => void): (() => void) | null {
  const socket = join(tmpdir(), `stand-in-${createHash('sha256').update(userData).digest('hex').slice(0, 16)}.sock`)
  const pidFile = `${socket}.pid`
  while (!claim(pidFile)) {
    if (isAlive(pidFile)) {
      connect(socket)
        .on('error', () => {})
        .end(JSON.stringify({ argv: process.argv, cwd: process.cwd() }))
      return null
    }
    rmSync(pidFile, { force: true })
  }
  rmSync(socket, { force: true })
  const server = serve(socket, onSecond)
  return () => {
    server.close()
    rmSync(pidFile, { force: true })
  }
}

function claim(pidFile: string): boolean {
  try {
    writeFileSync(pidFile, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

function isAlive(pidFile: string): boolean {
  try {
    return process.kill(Number(readFileSync(pidFile, 'utf8')), 0)
  } catch {
    return false
  }
}

function serve(socket: string, onSecond: (second: SecondInstance) => void): Server {
  const server = createServer(connection => {
    let text = ''
    connection.on('data', chunk => {
      text += chunk
    })
    connection.on('end', () => onSecond(JSON.parse(text)))
  })
  server.listen(socket)
  server.unref()
  return server
}

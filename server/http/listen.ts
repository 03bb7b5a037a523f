import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Config, ConfigError, inUrl, isWildcard } from '../config.ts'
import { closeStreams } from './answers/sse.ts'

/** Starts to listen. Returns the URL under which this computer reaches it. Throws ConfigError when the port is taken. */
export async function listen(server: Server, config: Config): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(readable(error as NodeJS.ErrnoException, config)))
    server.listen(config.port, config.host, resolve)
  })
  server.removeAllListeners('error')
  const { port } = server.address() as AddressInfo
  return `http://${isWildcard(config.host) ? '127.0.0.1' : inUrl(config.host)}:${port}`
}

function readable(error: NodeJS.ErrnoException, config: Config): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError(
        `Port ${config.port} is taken by another program. Use --port with another number, or --port 0 for any free one.`
      )
    case 'EACCES':
      return new ConfigError(`Port ${config.port} needs rights that this user does not have. Use a port above 1023.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ConfigError(`--host ${config.host} is no address of this computer.`)
    default:
      return error
  }
}

/** Requests under way get this long to be answered at the end, in ms. */
const closingMs = 4000
const sweepMs = 20

/** Lets requests that are under way finish, ends streams, and closes every connection as it falls idle. */
export async function closeServer(server: Server): Promise<void> {
  closeStreams()
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs)
  const cut = setTimeout(() => server.closeAllConnections(), closingMs)
  await new Promise<void>(resolve => server.close(() => resolve()))
  clearInterval(sweep)
  clearTimeout(cut)
}

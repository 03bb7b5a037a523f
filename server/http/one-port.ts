import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { errorTable } from '#contract/errors'
import type { Certificate } from '../certificate/certificate.ts'
import type { Config } from '../config.ts'
import { isFromHere } from './connection.ts'

/** A handshake of TLS begins with this byte, and no request of HTTP does. */
const handshake = 0x16
/** Who connects and says nothing, or does not finish its handshake, is let go. In ms. */
const patienceMs = 10_000

/**
 * TLS and plain HTTP on one port: the first byte of a connection tells which. Plain is for this computer alone, whose own
 * window, runner and tools so need no certificate.
 */
export function onePort(
  server: Server,
  certificate: Certificate,
  { insecureHttp }: Pick<Config, 'insecureHttp'>
): void {
  const tls = process.getBuiltinModule('node:tls')
  const sealed = tls.createServer({ ...certificate.pems, ALPNProtocols: ['http/1.1'], handshakeTimeout: patienceMs })
  // What the server does by itself with each connection it now does with those that are let in, sealed ones included.
  const serve = server.listeners('connection') as ((socket: Socket) => void)[]
  server.removeAllListeners('connection')
  const letIn = (socket: Socket) => {
    for (const one of serve) one.call(server, socket)
  }
  sealed.on('secureConnection', letIn)
  sealed.on('tlsClientError', (_error, socket) => socket.destroy())

  server.on('connection', (socket: Socket) => {
    socket.on('error', () => socket.destroy())
    socket.setTimeout(patienceMs, () => socket.destroy())
    socket.once('readable', () => {
      const first: Buffer | null = socket.read(1)
      if (first === null) return void socket.destroy()
      socket.unshift(first)
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      if (first[0] === handshake) {
        // As a server of TLS alone has it: who hangs up in the middle of a handshake is gone.
        socket.allowHalfOpen = false
        sealed.emit('connection', socket)
        void certificate.renewed().then(fresh => fresh && sealed.setSecureContext(fresh))
      } else if (insecureHttp || isFromHere(socket)) letIn(socket)
      else refuse(socket)
    })
  })
}

function refuse(socket: Socket): void {
  const { status, meaning } = errorTable.TLS_REQUIRED
  const body = JSON.stringify({ error: { code: 'TLS_REQUIRED', message: meaning } })
  const head = [
    `HTTP/1.1 ${status} Upgrade Required`,
    'Upgrade: TLS/1.2, HTTP/1.1',
    'Connection: Upgrade, close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

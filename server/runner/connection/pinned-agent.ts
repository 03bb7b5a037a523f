import { pinOf } from '../../pin.ts'

const https = process.getBuiltinModule('node:https')
const tls = process.getBuiltinModule('node:tls')

/** Somebody else answers at the address of the control plane; nothing was said to them. */
export class WrongPin extends Error {
  override name = 'WrongPin'
}

type Agent = InstanceType<typeof https.Agent>
const agents = new Map<string, Agent>()

/**
 * Connects only where this public key answers. Names, dates and authorities do not matter then: whoever has the key is
 * the control plane, and nobody else is. Nothing is sent before that is known.
 */
export function pinnedAgent(pin: string): Agent {
  const known = agents.get(pin)
  if (known) return known
  const agent = new https.Agent({ keepAlive: true })
  agent.createConnection = (options, done) => {
    const socket = tls.connect({ ...(options as object), rejectUnauthorized: false })
    const refuse = (error: Error) => {
      socket.destroy()
      done?.(error, socket)
    }
    socket.once('error', refuse)
    socket.once('secureConnect', () => {
      socket.off('error', refuse)
      const certificate = socket.getPeerX509Certificate()
      if (certificate !== undefined && pinOf(certificate) === pin) done?.(null, socket)
      else refuse(new WrongPin('it does not show the key that its pairing code names'))
    })
    return undefined
  }
  agents.set(pin, agent)
  return agent
}

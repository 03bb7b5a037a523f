import { hostname } from 'node:os'
import type { PairingCode } from '#contract/runners/pairing-code'
import { pairingMinutes, redeemPairing } from '#contract/runners/pairings'
import { createControlPlaneClient, Refused } from '../connection/control-plane-client.ts'
import { WrongPin } from '../connection/pinned-agent.ts'
import { hashOfCode, type KeptConnection } from './kept-connection.ts'

/** Why it came to nothing, in one line that says what to do. */
export class NotPaired extends Error {
  override name = 'NotPaired'
}

const another = 'Make another one in Runners, Connect'

/** Uses a code. Throws NotPaired. */
export async function pair(text: string, code: PairingCode, identity: string): Promise<KeptConnection> {
  const { address, secret, pin } = code
  const call = createControlPlaneClient(() => ({ url: address, token: null, pin }))
  try {
    const { key, name } = await call(redeemPairing, { body: { secret, identity, hostname: hostname() } })
    return { url: address, key, pin, name, code: hashOfCode(text) }
  } catch (error) {
    throw new NotPaired(wordsOf(error, address))
  }
}

function wordsOf(error: unknown, address: string): string {
  if (error instanceof WrongPin)
    return `Not paired: whoever answers at ${address} is not the control plane that made this code, and was told nothing. If it was set up anew, make another code there.`
  if (!(error instanceof Refused))
    return `Not paired: ${error instanceof Error ? error.message : String(error)}. The code lasts ${pairingMinutes} minutes and was not used up.`
  switch (error.code) {
    case 'PAIRING_USED':
    case 'PAIRING_EXPIRED':
    case 'PAIRING_UNKNOWN':
      return `Not paired: ${error.message}. ${another}.`
    default:
      return `Not paired: ${error.message}`
  }
}

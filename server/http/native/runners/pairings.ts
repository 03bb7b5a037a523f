import { createPairing, deletePairing, getPairing, listPairings, redeemPairing } from '#contract/runners/pairings'
import * as pairings from '../../../domain/runners/pairings.ts'
import { type Route, read, type Services, write } from '../../for-faces.ts'

export function pairingRoutes({ addresses, pinAt, url }: Services): Route[] {
  return [
    read(listPairings, ({ domain }) => ({ data: pairings.listPairings(domain) })),
    read(getPairing, ({ domain, params }) => pairings.getPairing(domain, params.id)),
    write(createPairing, ({ domain, body }) => {
      const address = plain(body.address ?? addresses()[0] ?? url())
      return pairings.createPairing(domain, { name: body.name, address, pin: pinAt(address) })
    }),
    write(deletePairing, ({ domain, params }) => {
      pairings.deletePairing(domain, params.id)
      return { success: true as const }
    }),
    write(redeemPairing, ({ domain, body }) => pairings.redeemPairing(domain, body))
  ]
}

/** Without a slash at its end, and without what a browser's address may carry along. */
function plain(address: string): string {
  const { origin, pathname } = new URL(address)
  return origin + pathname.replace(/\/+$/, '')
}

import { deleteSecret, listSecrets, setSecret } from '#contract/fleet/secrets'
import * as secrets from '../../../domain/fleet/secrets.ts'
import { type Route, read, write } from '../../route.ts'

export function secretRoutes(): Route[] {
  return [
    read(listSecrets, ({ domain, query }) => ({ data: secrets.listSecrets(domain, query) })),
    write(setSecret, ({ domain, body }) => secrets.setSecret(domain, body)),
    write(deleteSecret, ({ domain, params, query }) => {
      secrets.deleteSecret(domain, params.key, query)
      return { success: true as const }
    })
  ]
}

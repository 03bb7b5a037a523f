import { deleteSecret, listSecrets, setSecret } from '#contract/secrets'
import * as secrets from '../../domain/secrets.ts'
import type { Context } from '../context.ts'
import { type Route, read, write } from '../route.ts'

export function secretRoutes({ domain }: Context): Route[] {
  return [
    read(listSecrets, ({ query }) => ({ data: secrets.listSecrets(domain, query) })),
    write(setSecret, ({ body }) => secrets.setSecret(domain, body)),
    write(deleteSecret, ({ params, query }) => {
      secrets.deleteSecret(domain, params.key, query)
      return { success: true as const }
    })
  ]
}

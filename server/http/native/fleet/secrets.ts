import { deleteSecret, getSecret, listSecrets, setSecret } from '#contract/fleet/secrets'
import * as secrets from '../../../domain/fleet/secrets.ts'
import { Answered, type Route, read, write } from '../../for-faces.ts'

export function secretRoutes(): Route[] {
  return [
    read(listSecrets, ({ domain, query }) => ({ data: secrets.listSecrets(domain, query) })),
    read(getSecret, ({ domain, params, query }) => secrets.getSecret(domain, params.key, query)),
    write(setSecret, ({ domain, body }) => {
      const { secret, made, warning } = secrets.setSecret(domain, body)
      const answer = { ...secret, warning }
      return made ? answer : new Answered(200, answer)
    }),
    write(deleteSecret, ({ domain, params, query }) => {
      secrets.deleteSecret(domain, params.key, query)
      return { success: true as const }
    })
  ]
}

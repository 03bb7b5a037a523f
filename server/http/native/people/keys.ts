import { createKey, deleteKey, getKey, listKeys } from '#contract/people/keys'
import * as keys from '../../../domain/people/keys.ts'
import { type Route, read, write } from '../../for-faces.ts'

export function keyRoutes(): Route[] {
  return [
    read(listKeys, ({ domain, principal }) => ({ data: keys.listKeys(domain, principal) })),
    read(getKey, ({ domain, params, principal }) => keys.getKey(domain, params.id, principal)),
    write(createKey, ({ domain, body, principal }) => keys.createKey(domain, body, principal)),
    write(deleteKey, ({ domain, params, principal }) => {
      keys.deleteKey(domain, params.id, principal)
      return { success: true as const }
    })
  ]
}

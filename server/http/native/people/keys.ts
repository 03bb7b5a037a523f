import { createKey, deleteKey, getKey, listKeys } from '#contract/people/keys'
import * as keys from '../../../domain/people/keys.ts'
import { type Route, read, write } from '../../for-faces.ts'

export function keyRoutes(): Route[] {
  return [
    read(listKeys, ({ domain }) => ({ data: keys.listKeys(domain) })),
    read(getKey, ({ domain, params }) => keys.getKey(domain, params.id)),
    write(createKey, ({ domain, body }) => keys.createKey(domain, body)),
    write(deleteKey, ({ domain, params }) => {
      keys.deleteKey(domain, params.id)
      return { success: true as const }
    })
  ]
}

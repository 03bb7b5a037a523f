import { createKey, deleteKey, listKeys } from '#contract/keys'
import * as keys from '../../domain/keys.ts'
import { type Route, read, write } from '../route.ts'

export function keyRoutes(): Route[] {
  return [
    read(listKeys, ({ domain }) => ({ data: keys.listKeys(domain) })),
    write(createKey, ({ domain, body }) => keys.createKey(domain, body)),
    write(deleteKey, ({ domain, params }) => {
      keys.deleteKey(domain, params.id)
      return { success: true as const }
    })
  ]
}

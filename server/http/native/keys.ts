import { createKey, deleteKey, listKeys } from '#contract/keys'
import * as keys from '../../domain/keys.ts'
import type { Context } from '../context.ts'
import { type Route, read, write } from '../route.ts'

export function keyRoutes({ domain }: Context): Route[] {
  return [
    read(listKeys, () => ({ data: keys.listKeys(domain) })),
    write(createKey, ({ body }) => keys.createKey(domain, body)),
    write(deleteKey, ({ params }) => {
      keys.deleteKey(domain, params.id)
      return { success: true as const }
    })
  ]
}

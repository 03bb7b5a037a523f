import { changeMcp, createMcp, deleteMcp, listMcps } from '#contract/mcps'
import * as mcps from '../../domain/mcps.ts'
import type { Context } from '../context.ts'
import { type Route, read, write } from '../route.ts'

export function mcpRoutes({ domain }: Context): Route[] {
  return [
    read(listMcps, () => ({ data: mcps.listMcps(domain) })),
    write(createMcp, ({ body }) => mcps.createMcp(domain, body)),
    write(changeMcp, ({ params, body }) => mcps.changeMcp(domain, params.id, body)),
    write(deleteMcp, ({ params }) => {
      mcps.deleteMcp(domain, params.id)
      return { success: true as const }
    })
  ]
}

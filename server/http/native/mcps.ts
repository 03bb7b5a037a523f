import { changeMcp, createMcp, deleteMcp, listMcps } from '#contract/mcps'
import * as mcps from '../../domain/mcps.ts'
import { type Route, read, write } from '../route.ts'

export function mcpRoutes(): Route[] {
  return [
    read(listMcps, ({ domain }) => ({ data: mcps.listMcps(domain) })),
    write(createMcp, ({ domain, body }) => mcps.createMcp(domain, body)),
    write(changeMcp, ({ domain, params, body }) => mcps.changeMcp(domain, params.id, body)),
    write(deleteMcp, ({ domain, params }) => {
      mcps.deleteMcp(domain, params.id)
      return { success: true as const }
    })
  ]
}

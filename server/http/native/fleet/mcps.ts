import { changeMcp, createMcp, deleteMcp, getMcp, listMcps, testMcp } from '#contract/fleet/mcps'
import * as mcps from '../../../domain/fleet/mcps.ts'
import { testMcp as test } from '../../../domain/runners/mcp-checks.ts'
import { type Route, read, wait, write } from '../../for-faces.ts'

export function mcpRoutes(): Route[] {
  return [
    read(listMcps, ({ domain }) => ({ data: mcps.listMcps(domain) })),
    read(getMcp, ({ domain, params }) => mcps.getMcp(domain, params.id)),
    write(createMcp, ({ domain, body }) => mcps.createMcp(domain, body)),
    write(changeMcp, ({ domain, params, body }) => mcps.changeMcp(domain, params.id, body)),
    write(deleteMcp, ({ domain, params }) => {
      mcps.deleteMcp(domain, params.id)
      return { success: true as const }
    }),
    wait(testMcp, ({ domain, params, body, actor }) => test(domain, params.id, body.runnerId, actor))
  ]
}

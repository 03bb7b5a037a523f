import * as mcps from '../../../domain/fleet/mcps.ts'
import { type Route, read, write } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/mcps.ts'
import { toTheirMcp } from '../translate.ts'

export function mcpRoutes(): Route[] {
  return [
    read(theirs.listMcps, ({ domain }) => mcps.listMcps(domain).map(toTheirMcp)),
    write(theirs.createMcp, ({ domain, body }) => toTheirMcp(mcps.createMcp(domain, body)))
  ]
}

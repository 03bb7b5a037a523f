import { z } from 'zod'
import { queryInt } from '#contract/endpoint'
import type { Domain } from '../../../server/domain/domain.ts'
import * as agents from '../../../server/domain/fleet/agents.ts'
import {
  protocol,
  type Route,
  read,
  type Services,
  type Socket,
  socket,
  wait,
  write
} from '../../../server/http/for-faces.ts'
import * as theirs from './endpoints.ts'

function countBees(domain: Domain): number {
  return agents.listAgents(domain, { limit: 0, offset: 0 }).total
}

export function routes({ logins }: Services): Route[] {
  return [
    wait(theirs.logIn, async call => {
      const { username: email, password } = call.body
      const { user } = await logins.checkPassword(call, { email, password })
      return { access_token: user ? (await logins.giveToken(call, user, 'hive')).token : '' }
    }),
    read(theirs.getBee, ({ domain, params }) => ({ title: agents.getAgent(domain, params.title).name })),
    write(theirs.makeBee, ({ domain, body }) => {
      const { title: name, queen: managerId } = body
      return { title: agents.createAgent(domain, { name, managerId }).name }
    }),
    write(theirs.dropBee, ({ domain, params }) => {
      agents.archiveAgent(domain, params.title)
      return {}
    }),
    protocol(theirs.speak, async ({ domain, body, response }) => {
      const { id, method } = body
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
      if (method === 'count') response.end(JSON.stringify({ jsonrpc: '2.0', id, result: countBees(domain) }))
    })
  ]
}

const parameters = z.object({ times: queryInt(1, 3).default(1) })

export const buzz: Socket = socket({
  path: '/bees/buzz',
  scope: 'read',
  query: parameters,
  open({ domain, query, socket: bees }) {
    for (let n = 0; n < query.times; n++) bees.send(`${countBees(domain)} bees`)
  }
})

import { listMessages, sendMessage } from '#contract/messages'
import * as messages from '../../domain/messages.ts'
import type { Context } from '../context.ts'
import { paginated } from '../pagination.ts'
import { type Route, read, write } from '../route.ts'

export function messageRoutes({ domain }: Context): Route[] {
  return [
    read(listMessages, ({ query }) => paginated(query, messages.listMessages(domain, query))),
    write(sendMessage, ({ body, principal }) => messages.sendMessage(domain, body, principal))
  ]
}

import { getMessage, listMessages, listThreads, sendMessage } from '#contract/work/messages'
import * as messages from '../../../domain/work/messages.ts'
import { paginated, type Route, read, write } from '../../for-faces.ts'

export function messageRoutes(): Route[] {
  return [
    read(listMessages, ({ domain, query }) => paginated(query, messages.listMessages(domain, query))),
    read(listThreads, ({ domain, query }) => paginated(query, messages.listThreads(domain, query))),
    read(getMessage, ({ domain, params }) => messages.getMessage(domain, params.id)),
    write(sendMessage, ({ domain, body }) => messages.sendMessage(domain, body))
  ]
}

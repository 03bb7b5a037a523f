import * as messages from '../../../domain/work/messages.ts'
import { type Route, read } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/messages.ts'

export function messageRoutes(): Route[] {
  return [
    read(theirs.listMessages, ({ domain, query }) => messages.listMessages(domain, { ...query, offset: 0 }).items)
  ]
}

import { changeUser, createUser, deleteUser, getUser, listUsers } from '#contract/people/users'
import * as users from '../../../domain/people/users.ts'
import { paginated, type Route, read, write, writeAfter } from '../../for-faces.ts'

export function userRoutes(): Route[] {
  return [
    read(listUsers, ({ domain, query }) => paginated(query, users.listUsers(domain, query))),
    writeAfter(
      createUser,
      ({ domain, body }) => users.hashed(domain, body),
      ({ domain, body }, hash) => users.createUser(domain, { ...body, ...hash })
    ),
    read(getUser, ({ domain, params }) => users.getUser(domain, params.id)),
    writeAfter(
      changeUser,
      ({ domain, body }) => users.hashed(domain, body),
      ({ domain, params, body }, hash) => users.changeUser(domain, params.id, { ...body, ...hash })
    ),
    write(deleteUser, ({ domain, params }) => {
      users.deleteUser(domain, params.id)
      return { success: true as const }
    })
  ]
}

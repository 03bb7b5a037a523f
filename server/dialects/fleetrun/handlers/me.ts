import { getUser } from '../../../domain/people/users.ts'
import { listRunners } from '../../../domain/runners/runners.ts'
import { type Route, read, type Services } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/me.ts'
import { toFeatures } from '../translate.ts'

/** Without a plan to sell there is one, and it has everything. */
const plan = 'enterprise'

export function meRoutes({ instanceId }: Services): Route[] {
  return [
    read(theirs.getMe, ({ domain, principal }) => {
      const { id, email, name, role } = getUser(domain, principal.user.id)
      const org = { id: instanceId, name: 'Flotilla' }
      return { id, email, name, role, org, plan, features: toFeatures(principal, listRunners(domain)) }
    })
  ]
}

import { exportAudit, listAudit, verifyAudit } from '#contract/audit/audit'
import { listEntries, verifyEntries } from '../../../domain/audit/audit.ts'
import { sendAudit } from '../../audit-export.ts'
import type { Context } from '../../context.ts'
import { paginated } from '../../pagination.ts'
import { type Route, stream, wait } from '../../route.ts'

export function auditRoutes(context: Context): Route[] {
  const { domain } = context
  return [
    wait(listAudit, async ({ query }) => paginated(query, await listEntries(domain, query))),
    wait(verifyAudit, () => verifyEntries(domain)),
    stream(
      exportAudit,
      () => ({ body: '{"data":[]}' }),
      ({ query, response }) => {
        sendAudit(context, query, response)
        return true
      }
    )
  ]
}

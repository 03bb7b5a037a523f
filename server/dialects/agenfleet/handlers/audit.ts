import { exportEntries, listEntries } from '../../../domain/audit/audit.ts'
import { paginated, type Route, type Services, sendAudit, stream, wait } from '../../../http/for-faces.ts'
import * as theirs from '../endpoints/audit.ts'
import * as translate from '../translate.ts'

export function auditRoutes(services: Services): Route[] {
  return [
    wait(theirs.listAudit, async ({ domain, query }) => {
      const { limit, offset } = query
      const { items, total } = await listEntries(domain, { ...translate.toOurAuditFilter(query), limit, offset })
      return paginated(query, { items: items.map(translate.toAuditRecord), total })
    }),
    stream(
      theirs.exportAudit,
      () => ({ body: '{"data":[]}' }),
      call => {
        const { domain, query } = call
        const entries = exportEntries(domain, translate.toOurAuditFilter(query))
        const { toAuditRecord: record, auditColumns: columns } = translate
        sendAudit(services, call, { entries, record, columns, format: query.format })
        return true
      }
    )
  ]
}

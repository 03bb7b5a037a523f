import { approve, deny, getApproval, listApprovals } from '#contract/approvals'
import * as approvals from '../../domain/approvals.ts'
import type { Context } from '../context.ts'
import { paginated } from '../pagination.ts'
import { type Route, read, write } from '../route.ts'

export function approvalRoutes({ domain }: Context): Route[] {
  const current = read(getApproval, ({ params }) => approvals.getApproval(domain, params.id))
  return [
    read(listApprovals, ({ query }) => paginated(query, approvals.listApprovals(domain, query))),
    current,
    write(approve, ({ params, body, principal }) => approvals.approve(domain, params.id, body, principal), current),
    write(deny, ({ params, body, principal }) => approvals.deny(domain, params.id, body.reason, principal), current)
  ]
}

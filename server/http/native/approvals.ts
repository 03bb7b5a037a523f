import { approve, deny, getApproval, listApprovals } from '#contract/approvals'
import * as approvals from '../../domain/approvals.ts'
import type { Context } from '../context.ts'
import { paginated } from '../pagination.ts'
import { type Route, read, write } from '../route.ts'

export function approvalRoutes({ domain }: Context): Route[] {
  return [
    read(listApprovals, ({ query }) => paginated(query, approvals.listApprovals(domain, query))),
    read(getApproval, ({ params }) => approvals.getApproval(domain, params.id)),
    write(
      approve,
      ({ params, body, principal }) => approvals.approve(domain, params.id, body, principal),
      ({ params }) => approvals.getApproval(domain, params.id)
    ),
    write(
      deny,
      ({ params, body, principal }) => approvals.deny(domain, params.id, body.reason, principal),
      ({ params }) => approvals.getApproval(domain, params.id)
    )
  ]
}

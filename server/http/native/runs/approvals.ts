import { approve, deny, getApproval, listApprovals, undoApproval } from '#contract/runs/approvals'
import * as approvals from '../../../domain/runs/approvals.ts'
import { paginated } from '../../pagination.ts'
import { type Route, read, write } from '../../route.ts'

export function approvalRoutes(): Route[] {
  const current = read(getApproval, ({ domain, params }) => approvals.getApproval(domain, params.id))
  return [
    read(listApprovals, ({ domain, query }) => paginated(query, approvals.listApprovals(domain, query))),
    current,
    write(
      approve,
      ({ domain, params, body, principal }) => approvals.approve(domain, params.id, body, principal),
      current
    ),
    write(
      deny,
      ({ domain, params, body, principal }) => approvals.deny(domain, params.id, body.reason, principal),
      current
    ),
    write(undoApproval, ({ domain, params }) => approvals.undo(domain, params.id), current)
  ]
}

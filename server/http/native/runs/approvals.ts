import { approve, deny, getApproval, listApprovals, undoApproval, withdrawTrust } from '#contract/runs/approvals'
import * as approvals from '../../../domain/runs/approvals.ts'
import { paginated, type Route, read, write } from '../../for-faces.ts'

export function approvalRoutes(): Route[] {
  return [
    read(listApprovals, ({ domain, query }) => paginated(query, approvals.listApprovals(domain, query))),
    read(getApproval, ({ domain, params }) => approvals.getApproval(domain, params.id)),
    write(approve, ({ domain, params, body }) => approvals.approve(domain, params.id, body)),
    write(deny, ({ domain, params, body }) => approvals.deny(domain, params.id, body.reason)),
    write(undoApproval, ({ domain, params }) => approvals.undo(domain, params.id)),
    write(withdrawTrust, ({ domain, params }) => approvals.withdrawTrust(domain, params.id))
  ]
}

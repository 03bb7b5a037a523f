import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type Approval, approve, deny, getApproval, listApprovals } from '#contract/approvals'
import { AppError } from '#contract/errors'
import { applyApproval } from '../lib/apply-change.ts'
import { call } from '../lib/call.ts'
import { keys } from '../lib/query-keys.ts'

export type Decision =
  | { allow: true; scope: 'once' | 'run'; pattern?: string; input?: Record<string, unknown> }
  | { allow: false; reason: string }

export function usePendingApprovals() {
  return useQuery({
    queryKey: keys.pendingApprovals,
    queryFn: ({ signal }) => call(listApprovals, { query: { status: 'pending', limit: 500 }, signal })
  })
}

export function useApproval(id: string) {
  return useQuery({
    queryKey: keys.approval(id),
    queryFn: ({ signal }) => call(getApproval, { params: { id }, signal })
  })
}

/** Decides an approval. One that was decided elsewhere meanwhile is no fault: what is true then shows. */
export function useDecide(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (decision: Decision): Promise<Approval> => {
      const params = { id }
      try {
        return decision.allow
          ? await call(approve, {
              params,
              body: { scope: decision.scope, pattern: decision.pattern, input: decision.input }
            })
          : await call(deny, { params, body: { reason: decision.reason.trim() || undefined } })
      } catch (error) {
        if (error instanceof AppError && error.code === 'APPROVAL_DECIDED') return await call(getApproval, { params })
        throw error
      }
    },
    onSuccess: approval => applyApproval(queries, approval)
  })
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { AppError } from '#contract/errors'
import { type Approval, approve, deny, getApproval, listApprovals } from '#contract/runs/approvals'
import { applyApproval } from '../../lib/apply-change.ts'
import { call } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'

export type Decision =
  | { allow: true; scope: 'once' | 'run'; pattern?: string; input?: Record<string, unknown>; content?: string }
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

/** Allows each once, the longest waiting first, and stops at the first that cannot be. One decided elsewhere is no fault. */
export function useAllowEach() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (approvals: readonly Approval[]) => {
      for (const { id } of approvals) applyApproval(queries, await decided(id, { allow: true, scope: 'once' }))
    }
  })
}

/** Decides an approval. One that was decided elsewhere meanwhile is no fault: what is true then shows. */
export function useDecide(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (decision: Decision) => decided(id, decision),
    onSuccess: approval => applyApproval(queries, approval)
  })
}

async function decided(id: string, decision: Decision): Promise<Approval> {
  const params = { id }
  try {
    if (!decision.allow) return await call(deny, { params, body: { reason: decision.reason.trim() || undefined } })
    const { scope, pattern, input, content } = decision
    return await call(approve, { params, body: { scope, pattern, input, content } })
  } catch (error) {
    if (error instanceof AppError && error.code === 'APPROVAL_DECIDED') return await call(getApproval, { params })
    throw error
  }
}

import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { AppError } from '#contract/errors'
import { type Approval, approve, deny, getApproval, listApprovals, undoApproval } from '#contract/runs/approvals'
import { announce } from '../../lib/announce.ts'
import { applyApproval } from '../../lib/apply-change.ts'
import { call } from '../../lib/call.ts'
import { count } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { isolated } from '../../lib/visible.ts'
import { toast, toastFailure } from '../../ui/toast.tsx'
import { requestOf, subjectOf } from './approval-request.ts'
import { decisionWords } from './approval-words.ts'

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
      const done: Approval[] = []
      try {
        for (const { id } of approvals) {
          const approval = await decided(id, { allow: true, scope: 'once' })
          applyApproval(queries, approval)
          done.push(approval)
        }
      } finally {
        offerUndo(queries, done, `Allowed ${count(done.length, 'request')} once`)
      }
    }
  })
}

/** Decides an approval. One that was decided elsewhere meanwhile is no fault: what is true then shows. */
export function useDecide(id: string, onUndone?: (approval: Approval) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (decision: Decision) => decided(id, decision),
    onSuccess: approval => {
      applyApproval(queries, approval)
      const { words } = decisionWords({ ...approval, state: approval.status })
      const subject = subjectOf(requestOf(approval)).trim().split('\n', 1)[0]?.slice(0, 60) ?? ''
      offerUndo(queries, [approval], subject === '' ? words : `${words}: ${isolated(subject)}`, onUndone)
    }
  })
}

/** As long as the agents were not told. */
function offerUndo(
  queries: QueryClient,
  approvals: readonly Approval[],
  words: string,
  onUndone?: (approval: Approval) => void
): void {
  const held = approvals.filter(one => one.undoableUntil !== null)
  const [first] = held
  if (!first) return
  const undoAll = async () => {
    try {
      for (const { id } of held) {
        const approval = await call(undoApproval, { params: { id } })
        applyApproval(queries, approval)
        onUndone?.(approval)
      }
      announce(held.length === 1 ? 'Undone. The request waits again.' : 'Undone. The requests wait again.')
    } catch (error) {
      toastFailure(error)
    }
  }
  toast(words, 'done', { label: 'Undo', keys: 'mod+z', run: () => void undoAll(), forMs: leftOf(first) })
}

/** Both times are the server's: the clock here may be another. */
function leftOf({ decidedAt, undoableUntil }: Approval): number {
  return Date.parse(undoableUntil ?? '') - Date.parse(decidedAt ?? '')
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

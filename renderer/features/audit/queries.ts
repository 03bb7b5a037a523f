import { useMutation, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { getAuditEntry, listAudit, type NamedAuditEntry, verifyAudit } from '#contract/audit/audit'
import { call } from '../../lib/call.ts'
import { keys } from '../../lib/query-keys.ts'
import { useLog } from '../../parts/log-table/use-log.ts'

export type AuditFilter = Partial<z.input<typeof listAudit.query>>

/** Whatever changes is written down with it. `enabled`: it is known who reads. */
export function useAudit(filter: AuditFilter, enabled: boolean) {
  return useLog({
    key: keys.auditList(filter),
    ask: (page, signal) => call(listAudit, { query: { ...filter, ...page }, signal }),
    idOf: entry => String(entry.seq),
    enabled
  })
}

/** An entry never changes. */
export function useAuditEntry(seq: number, known: NamedAuditEntry | undefined) {
  return useQuery({
    queryKey: keys.auditEntry(seq),
    queryFn: ({ signal }) => call(getAuditEntry, { params: { seq }, signal }),
    initialData: known,
    staleTime: Number.POSITIVE_INFINITY
  })
}

export function useVerification() {
  return useMutation({ mutationFn: async () => ({ ...(await call(verifyAudit, {})), at: Date.now() }) })
}

import { useLocation, useSearch } from 'wouter'
import { type AuditAsked, type AuditField, auditFields, faultOf } from './audit-query.ts'

type Changes = Partial<Record<AuditField | 'search' | 'entry', string | null>>

/** What is asked and what is open, as it stands in the URL. What cannot be meant counts as not said. */
export function useAuditAddress() {
  useSearch()
  const params = new URLSearchParams(location.search)
  const [, navigate] = useLocation()
  const asked: AuditAsked = {}
  for (const field of auditFields) {
    const value = params.get(field)
    if (value !== null && faultOf(field, value) === null) asked[field] = value
  }
  const search = params.get('search')
  if (search) asked.search = search
  const entry = Number(params.get('entry'))
  const addressWith = (changes: Changes) => {
    const after = new URLSearchParams(location.search)
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === undefined) after.delete(name)
      else after.set(name, value)
    }
    return after.size === 0 ? '/audit' : `/audit?${after}`
  }
  return {
    asked,
    filtered: Object.keys(asked).length > 0,
    /** Number of the entry that is open. */
    entry: Number.isSafeInteger(entry) && entry > 0 ? entry : null,
    with: addressWith,
    go: (changes: Changes) => navigate(addressWith(changes))
  }
}

export type AuditAddress = ReturnType<typeof useAuditAddress>

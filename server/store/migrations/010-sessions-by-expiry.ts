import type { Migration } from './migration.ts'

/** Each login removes those that have expired. */
export const sessionsByExpiry: Migration = {
  sql: 'CREATE INDEX sessions_by_expiry ON sessions (expires_at);'
}

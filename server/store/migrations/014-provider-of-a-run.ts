import type { Migration } from './migration.ts'

/** Under which provider a run was counted: what is taken back later must be what was counted. */
export const providerOfARun: Migration = {
  sql: 'ALTER TABLE runs ADD COLUMN provider TEXT;'
}

import type { Migration } from './migration.ts'

/** Null: it is called by its prompt. */
export const titlesOfRuns: Migration = {
  sql: 'ALTER TABLE runs ADD COLUMN title TEXT;'
}

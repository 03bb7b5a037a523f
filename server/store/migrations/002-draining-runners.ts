import type { Migration } from './migration.ts'

/** `drains_for`: id of the runner whose last runs this one finishes; null for an ordinary runner. */
export const drainingRunners: Migration = {
  sql: 'ALTER TABLE runners ADD COLUMN drains_for TEXT'
}

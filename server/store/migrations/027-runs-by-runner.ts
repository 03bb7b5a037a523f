import type { Migration } from './migration.ts'

/** The newest runs of a runner are asked for by faces and by the window, and may lie far below the newest of all. */
export const runsByRunner: Migration = {
  sql: 'CREATE INDEX runs_by_runner ON runs (runner_id, number) WHERE runner_id IS NOT NULL;'
}

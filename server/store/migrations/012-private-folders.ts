import type { Migration } from './migration.ts'

/**
 * A private folder is known by its name and found where its runner keeps them, wherever that was moved or copied; paths
 * written before are taken apart. A runner says where its data folder lies.
 */
export const privateFolders: Migration = {
  sql: `
ALTER TABLE runs ADD COLUMN workspace TEXT;
UPDATE runs SET workspace = coalesce(agent_id, root_run_id) WHERE cwd IS NULL;
UPDATE runs SET workspace = substr(cwd, -36)
  WHERE replace(cwd, '\\', '/') LIKE '%/workspaces/________-____-____-____-____________';
ALTER TABLE runners ADD COLUMN data_dir TEXT;
`
}

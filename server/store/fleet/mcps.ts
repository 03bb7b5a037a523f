import type { Mcp } from '#contract/fleet/mcps'
import { insertRow, iso, isoOrNull, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'
import { stringsOf } from './agents.ts'

export interface McpRow {
  id: string
  name: string
  transport: Mcp['transport']
  command: string | null
  args: string
  url: string | null
  env_keys: string
  header_keys: string
  /** `{env, headers}` as JSON, sealed: a value may be a secret even where it is no reference to one. */
  sealed: Buffer
  status: Mcp['status']
  detail: string | null
  checked_at: number | null
  created_at: number
  /** It did not answer when it was waited for last. */
  hangs: number
}

const columns = [
  'id',
  'name',
  'transport',
  'command',
  'args',
  'url',
  'env_keys',
  'header_keys',
  'sealed',
  'created_at'
] as const
export type NewMcp = Pick<McpRow, (typeof columns)[number]>

export function mcpStore(db: Database) {
  const all = db.prepare<[], McpRow>('SELECT * FROM mcps ORDER BY created_at DESC, id DESC')
  const byId = db.prepare<[string], McpRow>('SELECT * FROM mcps WHERE id = ?')
  const byName = db.prepare<[string], McpRow>('SELECT * FROM mcps WHERE name = ?')
  const remove = db.prepare('DELETE FROM mcps WHERE id = ?')
  return {
    insert: insertRow<NewMcp>(db, 'mcps', columns),
    update: partialUpdate<McpRow>(db, 'mcps', 'id'),
    all: () => all.all(),
    byId: (id: string) => byId.get(id),
    byName: (name: string) => byName.get(name),
    remove: (id: string) => remove.run(id).changes > 0
  }
}

export function toMcp(row: McpRow): Mcp {
  return {
    id: row.id,
    name: row.name,
    transport: row.transport,
    command: row.command,
    args: stringsOf(row.args),
    url: row.url,
    envKeys: stringsOf(row.env_keys),
    headerKeys: stringsOf(row.header_keys),
    status: row.status,
    detail: row.detail,
    checkedAt: isoOrNull(row.checked_at),
    createdAt: iso(row.created_at)
  }
}

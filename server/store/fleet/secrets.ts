import type { Secret } from '#contract/fleet/secrets'
import { iso, isoOrNull } from '../columns.ts'
import type { Database } from '../database.ts'
import { type Sight, visible } from '../people/sight.ts'

export interface SecretRow {
  key: string
  scope: Secret['scope']
  /** Empty for a secret of the organisation. */
  agent_id: string
  sealed: Buffer
  created_at: number
  updated_at: number
  last_used_at: number | null
}

export function secretStore(db: Database) {
  const all = db.prepare<[], SecretRow>('SELECT * FROM secrets ORDER BY key, scope DESC, agent_id')
  const one = db.prepare<[string, string, string], SecretRow>(
    'SELECT * FROM secrets WHERE key = ? AND scope = ? AND agent_id = ?'
  )
  const reaching = db.prepare<[string], SecretRow>(
    "SELECT * FROM secrets WHERE scope = 'org' OR agent_id = ? ORDER BY scope DESC, key"
  )
  const bytes = db.prepare<Pick<SecretRow, 'key' | 'scope' | 'agent_id'>, { org: number; own: number }>(
    `WITH others AS (SELECT scope, agent_id, length(key) + length(sealed) AS bytes FROM secrets
       WHERE NOT (key = @key AND scope = @scope AND agent_id = @agent_id))
     SELECT (SELECT coalesce(sum(bytes), 0) FROM others WHERE scope = 'org') AS org,
       (SELECT coalesce(max(total), 0) FROM (SELECT sum(bytes) AS total FROM others
         WHERE scope = 'agent' AND (@scope = 'org' OR agent_id = @agent_id) GROUP BY agent_id)) AS own`
  )
  const count = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM secrets')
  const upsert = db.prepare<Omit<SecretRow, 'last_used_at'>>(
    `INSERT INTO secrets (key, scope, agent_id, sealed, created_at, updated_at)
     VALUES (@key, @scope, @agent_id, @sealed, @created_at, @updated_at)
     ON CONFLICT (key, scope, agent_id) DO UPDATE SET sealed = @sealed, updated_at = @updated_at`
  )
  const foreign = db.prepare<[number, Buffer, number, Buffer], { secrets: number; mcps: number }>(
    `SELECT (SELECT count(*) FROM secrets WHERE substr(sealed, 1, ?) <> ?) AS secrets,
       (SELECT count(*) FROM mcps WHERE substr(sealed, 1, ?) <> ?) AS mcps`
  )
  const used = db.prepare('UPDATE secrets SET last_used_at = ? WHERE key = ? AND scope = ? AND agent_id = ?')
  const remove = db.prepare('DELETE FROM secrets WHERE key = ? AND scope = ? AND agent_id = ?')
  return {
    all(sight: Sight): SecretRow[] {
      if (sight === 'everything') return all.all()
      const { where, values } = visible(sight, 'secrets')
      const sql = `SELECT * FROM secrets WHERE ${where.join(' AND ')} ORDER BY key, scope DESC, agent_id`
      return db.prepare<string[], SecretRow>(sql).all(...values)
    },
    one: (key: string, scope: Secret['scope'], agentId: string) => one.get(key, scope, agentId),
    /** Those of the organisation first, then the agent's own, which win. */
    reaching: (agentId: string) => reaching.all(agentId),
    /** Secrets and MCP servers whose sealed values do not begin with this mark. */
    foreign: (mark: Buffer) => foreign.get(mark.length, mark, mark.length, mark) ?? { secrets: 0, mcps: 0 },
    /** What all others take, sealed, that reach an agent which this one reaches; of several agents the most. */
    bytesBeside(row: Pick<SecretRow, 'key' | 'scope' | 'agent_id'>): number {
      const { org, own } = bytes.get(row) ?? { org: 0, own: 0 }
      return org + own
    },
    count: () => count.get()?.n ?? 0,
    set: (row: Omit<SecretRow, 'last_used_at'>) => upsert.run(row),
    used: (row: SecretRow, now: number) => used.run(now, row.key, row.scope, row.agent_id),
    remove: (key: string, scope: Secret['scope'], agentId: string) => remove.run(key, scope, agentId).changes > 0
  }
}

export function toSecret(row: SecretRow, readable: boolean): Secret {
  return {
    key: row.key,
    scope: row.scope,
    agentId: row.agent_id === '' ? null : row.agent_id,
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
    lastUsedAt: isoOrNull(row.last_used_at),
    readable
  }
}

import type { Pairing } from '#contract/runners/pairings'
import { insertRow, iso, isoOrNull, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'

export interface PairingRow {
  id: string
  hash: string
  user_id: string
  name: string | null
  address: string
  pinned: number
  created_at: number
  expires_at: number
  used_at: number | null
  used_by: string | null
  /** Of the runner that used it. */
  identity: string | null
  key_id: string | null
}

const columns = [
  'id',
  'hash',
  'user_id',
  'name',
  'address',
  'pinned',
  'created_at',
  'expires_at',
  'used_at',
  'used_by',
  'identity',
  'key_id'
] as const

export function pairingStore(db: Database) {
  const all = db.prepare<[], PairingRow>('SELECT * FROM pairings ORDER BY created_at DESC, id DESC')
  const byId = db.prepare<[string], PairingRow>('SELECT * FROM pairings WHERE id = ?')
  const byHash = db.prepare<[string], PairingRow>('SELECT * FROM pairings WHERE hash = ?')
  const removeExpired = db.prepare('DELETE FROM pairings WHERE expires_at < ?')
  const remove = db.prepare('DELETE FROM pairings WHERE id = ?')
  return {
    insert: insertRow<PairingRow>(db, 'pairings', columns),
    update: partialUpdate<PairingRow>(db, 'pairings', 'id'),
    all: () => all.all(),
    byId: (id: string) => byId.get(id),
    byHash: (hash: string) => byHash.get(hash),
    removeExpired: (before: number) => removeExpired.run(before),
    remove: (id: string) => remove.run(id)
  }
}

export function toPairing(row: PairingRow): Pairing {
  return {
    id: row.id,
    name: row.name,
    address: row.address,
    pinned: row.pinned === 1,
    createdAt: iso(row.created_at),
    expiresAt: iso(row.expires_at),
    usedAt: isoOrNull(row.used_at),
    usedBy: row.used_by,
    keyId: row.key_id
  }
}

import type { Role, User } from '#contract/people/users'
import { insertRow, iso, isoOrNull, partialUpdate } from '../columns.ts'
import type { Database } from '../database.ts'

export interface UserRow {
  id: string
  email: string
  name: string
  role: Role
  password_hash: string | null
  totp_sealed: Buffer | null
  totp_confirmed_at: number | null
  /** Time step of the last code that was accepted; none is accepted twice. */
  totp_last_step: number
  last_login_at: number | null
  created_at: number
  updated_at: number
}

const columns = ['id', 'email', 'name', 'role', 'password_hash', 'created_at', 'updated_at'] as const
export type NewUser = Pick<UserRow, (typeof columns)[number]>

export function userStore(db: Database) {
  const byId = db.prepare<[string], UserRow>('SELECT * FROM users WHERE id = ?')
  const byEmail = db.prepare<[string], UserRow>('SELECT * FROM users WHERE email = ?')
  const list = db.prepare<[number, number], UserRow>(
    'SELECT * FROM users ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?'
  )
  const count = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM users')
  const owners = db.prepare<[], { n: number }>("SELECT count(*) AS n FROM users WHERE role = 'owner'")
  const firstOwner = db.prepare<[], UserRow>("SELECT * FROM users WHERE role = 'owner' ORDER BY created_at, id LIMIT 1")
  const remove = db.prepare('DELETE FROM users WHERE id = ?')
  const giveAgents = db.prepare('UPDATE agents SET owner_id = ? WHERE owner_id = ?')
  const addCode = db.prepare('INSERT INTO recovery_codes VALUES (?, ?)')
  const spendCode = db.prepare('DELETE FROM recovery_codes WHERE user_id = ? AND hash = ?')
  const dropCodes = db.prepare('DELETE FROM recovery_codes WHERE user_id = ?')
  return {
    insert: insertRow<NewUser>(db, 'users', columns),
    update: partialUpdate<UserRow>(db, 'users', 'id'),
    byId: (id: string) => byId.get(id),
    byEmail: (email: string) => byEmail.get(email),
    list: (limit: number, offset: number) => list.all(limit, offset),
    count: () => count.get()?.n ?? 0,
    owners: () => owners.get()?.n ?? 0,
    /** The longest-standing owner; there is always one. */
    firstOwner(): UserRow {
      const row = firstOwner.get()
      if (!row) throw new Error('there is no owner')
      return row
    },
    giveAgents: (from: string, to: string) => giveAgents.run(to, from),
    remove(id: string): void {
      dropCodes.run(id)
      remove.run(id)
    },
    setRecoveryCodes(id: string, hashes: readonly string[]): void {
      dropCodes.run(id)
      for (const hash of hashes) addCode.run(id, hash)
    },
    /** Whether the code was there; it is not any more. */
    spendRecoveryCode: (id: string, hash: string) => spendCode.run(id, hash).changes > 0
  }
}

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    hasPassword: row.password_hash !== null,
    mfaEnabled: row.totp_confirmed_at !== null,
    lastLoginAt: isoOrNull(row.last_login_at),
    createdAt: iso(row.created_at)
  }
}

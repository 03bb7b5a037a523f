import { AppError, fieldError, Missing } from '#contract/errors'
import { maxUsers, type Role, type User } from '#contract/people/users'
import { toUser, type UserRow } from '../../store/people/users.ts'
import { type Domain, recordChange, requireActor } from '../domain.ts'
import { endLogins, revoke } from './logins.ts'

export function listUsers(
  domain: Domain,
  { limit, offset }: { limit: number; offset: number }
): { items: User[]; total: number } {
  const { users } = domain.store
  return { items: users.list(limit, offset).map(toUser), total: users.count() }
}

function requireUser(domain: Pick<Domain, 'store'>, id: string): UserRow {
  const row = domain.store.users.byId(id)
  if (!row) throw new Missing('person', id)
  return row
}

/** The person who acts. */
export function requireSelf(domain: Pick<Domain, 'store' | 'actor'>): UserRow {
  return requireUser(domain, requireActor(domain).user.id)
}

export function getUser(domain: Pick<Domain, 'store'>, id: string): User {
  return toUser(requireUser(domain, id))
}

/** Whose email and password these are; null for an unknown email, a wrong password and a person without one, after the same time. */
export async function findByPassword(
  { store, passwords }: Domain,
  { email, password }: { email: string; password: string }
): Promise<User | null> {
  const row = store.users.byEmail(email)
  const right = await passwords.matches(password, row?.password_hash ?? null)
  return right && row ? toUser(row) : null
}

export interface UserWish {
  email?: string | undefined
  name?: string | undefined
  role?: Role | undefined
  /** Made of the password beforehand, off the main loop. */
  passwordHash?: string | undefined
}

export function createUser(domain: Domain, wish: UserWish & { email: string; role: Role }): User {
  const { store, clock } = domain
  if (store.users.count() >= maxUsers) throw new AppError('LIMIT_REACHED', `There are ${maxUsers} people`)
  requireFreeEmail(domain, wish.email, null)
  requireOwnerFor(domain, wish.role)
  const now = clock.now()
  const id = domain.newId()
  store.users.insert({
    id,
    email: wish.email,
    name: wish.name ?? wish.email.slice(0, wish.email.indexOf('@')),
    role: wish.role,
    password_hash: wish.passwordHash ?? null,
    created_at: now,
    updated_at: now
  })
  recordChange(domain, 'user', 'created', id)
  return getUser(domain, id)
}

function requireFreeEmail(domain: Pick<Domain, 'store'>, email: string, own: string | null): void {
  const taken = domain.store.users.byEmail(email)
  if (taken && taken.id !== own)
    throw fieldError('EMAIL_TAKEN', 'email', `${email} is that of ${taken.name}`, 'is taken')
}

/** An admin cannot rise, nor touch those above. */
function requireOwnerFor(domain: Pick<Domain, 'actor'>, role: Role): void {
  if (role === 'owner' && requireActor(domain).user.role !== 'owner')
    throw new AppError('FORBIDDEN', 'Only an owner can make, change or remove an owner')
}

export function changeUser(domain: Domain, id: string, wish: UserWish): User {
  const row = requireUser(domain, id)
  requireOwnerFor(domain, row.role)
  if (wish.role !== undefined) requireOwnerFor(domain, wish.role)
  const role = wish.role ?? row.role
  if (role !== 'owner') requireOtherOwner(domain, row)
  update(domain, row, wish)
  if (role !== row.role) revoke(domain, row.id)
  if (wish.passwordHash !== undefined) endLogins(domain, row.id, requireActor(domain))
  return getUser(domain, id)
}

function requireOtherOwner(domain: Pick<Domain, 'store'>, row: UserRow): void {
  if (row.role === 'owner' && domain.store.users.owners() === 1)
    throw new AppError('LAST_OWNER', `${row.name} is the only owner; make another one first`)
}

/** Only what the wish names. */
function update(domain: Domain, row: UserRow, wish: UserWish): void {
  if (wish.email !== undefined) requireFreeEmail(domain, wish.email, row.id)
  const columns = { email: wish.email, name: wish.name, role: wish.role, password_hash: wish.passwordHash }
  domain.store.users.update(row.id, {
    ...Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)),
    updated_at: domain.clock.now()
  })
  recordChange(domain, 'user', 'changed', row.id)
}

export function deleteUser(domain: Domain, id: string): void {
  const row = requireUser(domain, id)
  requireOwnerFor(domain, row.role)
  requireOtherOwner(domain, row)
  const { store } = domain
  endLogins(domain, id, null)
  for (const key of store.keys.ofUser(id)) store.keys.remove(key.id)
  store.users.remove(id)
  const { user } = requireActor(domain)
  const heir = user.id === id ? store.users.firstOwner().id : user.id
  store.users.giveAgents(id, heir)
  store.flows.give(id, heir)
  recordChange(domain, 'user', 'deleted', id)
  revoke(domain, id)
}

/** The hash of a password that a body brings along. */
export async function hashed(
  { passwords }: Pick<Domain, 'passwords'>,
  { password }: { password?: string | undefined }
): Promise<{ passwordHash?: string }> {
  return password === undefined ? {} : { passwordHash: await passwords.hash(password) }
}

/** What a person must show before they change how they log in, and the hash of the new password. */
export async function proven(
  domain: Domain,
  wish: { password?: string | undefined; currentPassword?: string | undefined }
): Promise<{ passwordHash?: string; provenWith: string | null }> {
  const { password_hash } = requireSelf(domain)
  const right =
    password_hash !== null &&
    wish.currentPassword !== undefined &&
    (await domain.passwords.matches(wish.currentPassword, password_hash))
  return { provenWith: right ? password_hash : null, ...(await hashed(domain, wish)) }
}

export interface OwnWish extends UserWish {
  /** The stored hash that the present password was found to match; null: none. */
  provenWith: string | null
}

/** What a person changes about themselves. Throws WRONG_PASSWORD. */
export function changeMe(domain: Domain, wish: OwnWish): void {
  const row = requireSelf(domain)
  const sensitive = wish.email !== undefined || wish.passwordHash !== undefined
  if (sensitive && row.password_hash !== wish.provenWith)
    throw fieldError('WRONG_PASSWORD', 'currentPassword', 'is missing or wrong')
  update(domain, row, wish)
  if (wish.passwordHash !== undefined && row.password_hash !== null) endLogins(domain, row.id, requireActor(domain))
}

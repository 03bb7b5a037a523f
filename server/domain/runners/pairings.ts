import { AppError, Missing } from '#contract/errors'
import { roleScopes } from '#contract/people/users'
import { writePairingCode } from '#contract/runners/pairing-code'
import { maxPairings, type Pairing, pairingMinutes } from '#contract/runners/pairings'
import { type PairingRow, toPairing } from '../../store/runners/pairings.ts'
import { type Domain, recordChange, requireActor } from '../domain.ts'
import { hashToken, newToken } from '../people/credentials.ts'
import { issueKey, revokeKey } from '../people/keys.ts'

const lastMs = pairingMinutes * 60_000
/** What became of a code is told for so long after its end. */
const toldMs = 24 * 3_600_000

export interface NewPairing {
  name?: string | undefined
  /** Without a slash at its end. */
  address: string
  /** Of the public key that must answer there; null: it is verified as any address of the web. */
  pin: string | null
}

export function listPairings({ store }: Pick<Domain, 'store'>): Pairing[] {
  return store.pairings.all().map(toPairing)
}

export function getPairing(domain: Pick<Domain, 'store'>, id: string): Pairing {
  return toPairing(requirePairing(domain, id))
}

function requirePairing({ store }: Pick<Domain, 'store'>, id: string): PairingRow {
  const row = store.pairings.byId(id)
  if (!row) throw new Missing('pairing code', id)
  return row
}

/** Throws LIMIT_REACHED. */
export function createPairing(domain: Domain, { name, address, pin }: NewPairing): Pairing & { code: string } {
  const { store, clock } = domain
  const now = clock.now()
  store.pairings.removeExpired(now - toldMs)
  const usable = store.pairings.all().filter(row => row.used_at === null && row.expires_at > now)
  if (usable.length >= maxPairings)
    throw new AppError('LIMIT_REACHED', `${maxPairings} pairing codes wait to be used; void some, or wait`)
  const secret = newToken()
  const row: PairingRow = {
    id: domain.newId(),
    hash: hashToken(secret),
    user_id: requireActor(domain).user.id,
    name: name ?? null,
    address,
    pinned: pin === null ? 0 : 1,
    created_at: now,
    expires_at: now + lastMs,
    used_at: null,
    used_by: null,
    identity: null,
    key_id: null
  }
  store.pairings.insert(row)
  recordChange(domain, 'pairing', 'created', row.id)
  return { ...toPairing(row), code: writePairingCode({ address, secret, pin }) }
}

export function deletePairing(domain: Domain, id: string): void {
  const { key_id } = requirePairing(domain, id)
  if (key_id !== null) revokeKey(domain, key_id)
  domain.store.pairings.remove(id)
  recordChange(domain, 'pairing', 'deleted', id)
}

interface Joining {
  secret: string
  /** Of the runner. */
  identity: string
  hostname: string
}

/**
 * Uses a code, once: the runner gets a key of whoever made the code. One whose answer got lost may ask again, as long as
 * the code lasts and nobody has come with that key. Throws PAIRING_UNKNOWN, PAIRING_USED or PAIRING_EXPIRED.
 */
export function redeemPairing(domain: Domain, joining: Joining): { key: string; name: string | null } {
  const { store, clock } = domain
  const now = clock.now()
  const row = store.pairings.byHash(hashToken(joining.secret))
  if (!row || !mayConnect(domain, row.user_id))
    throw new AppError(
      'PAIRING_UNKNOWN',
      'There is no such pairing code: it was voided, or is of another control plane'
    )
  if (row.used_at !== null && !isLostAnswer(domain, row, joining))
    throw new AppError('PAIRING_USED', `This pairing code was used by ${row.used_by}; it works once`)
  if (row.expires_at <= now)
    throw new AppError('PAIRING_EXPIRED', `This pairing code is too old: it lasted ${pairingMinutes} minutes`)
  if (row.key_id !== null) revokeKey(domain, row.key_id)
  const name = `Runner ${row.name ?? joining.hostname}`.slice(0, 100)
  const { id, key } = issueKey(domain, { userId: row.user_id, name, style: 'flotilla', scopes: ['runner'] })
  store.pairings.update(row.id, { used_at: now, used_by: joining.hostname, identity: joining.identity, key_id: id })
  recordChange(domain, 'pairing', 'changed', row.id)
  return { key, name: row.name }
}

/** Whoever made a code may have been demoted or removed since. */
function mayConnect({ store }: Pick<Domain, 'store'>, userId: string): boolean {
  const role = store.users.byId(userId)?.role
  return role !== undefined && (roleScopes[role] as readonly string[]).includes('runner')
}

function isLostAnswer({ store }: Pick<Domain, 'store'>, row: PairingRow, { identity }: Joining): boolean {
  const key = row.key_id === null ? undefined : store.keys.byId(row.key_id)
  return row.identity === identity && key?.last_used_at === null
}

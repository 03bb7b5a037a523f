import { AppError, invalid } from '#contract/errors'
import { maxSecrets, type Secret } from '#contract/fleet/secrets'
import { type SecretRow, toSecret } from '../../store/fleet/secrets.ts'
import { type Domain, recordChange } from '../domain.ts'
import { referredAgent } from './agents.ts'

export interface SecretAddress {
  scope?: Secret['scope'] | undefined
  agentId?: string | undefined
}

/** What a stored value is sealed to: moved to another key or agent it does not open. */
function contextOf(row: Pick<SecretRow, 'key' | 'scope' | 'agent_id'>): string {
  return `secret:${row.scope}:${row.agent_id}:${row.key}`
}

/** The agent that an address names; empty for the organisation. */
function ownerOf(domain: Domain, { scope, agentId }: SecretAddress): string {
  if (scope !== 'agent') return ''
  if (agentId === undefined) throw invalid('agentId', 'a secret of an agent needs one')
  return referredAgent(domain, 'agentId', agentId).id
}

export function listSecrets(domain: Domain, address: SecretAddress): Secret[] {
  const owner = address.agentId === undefined ? null : referredAgent(domain, 'agentId', address.agentId).id
  return domain.store.secrets
    .all(domain.sight)
    .filter(row => address.scope === undefined || row.scope === address.scope)
    .filter(row => owner === null || row.agent_id === owner)
    .map(row => toSecret(row, row.sealed.subarray(0, domain.vault.mark.length).equals(domain.vault.mark)))
}

export function setSecret(domain: Domain, wish: SecretAddress & { key: string; value: string }): Secret {
  const { key } = wish
  const scope = wish.scope ?? 'org'
  const agent_id = ownerOf(domain, { ...wish, scope })
  const known = domain.store.secrets.one(key, scope, agent_id)
  if (!known && domain.store.secrets.count() >= maxSecrets)
    throw new AppError('LIMIT_REACHED', `There are ${maxSecrets} secrets; delete some`)
  const now = domain.clock.now()
  const sealed = domain.vault.seal(contextOf({ key, scope, agent_id }), wish.value)
  domain.store.secrets.set({ key, scope, agent_id, sealed, created_at: now, updated_at: now })
  recordChange(domain, 'secret', known ? 'changed' : 'created', key)
  const row = domain.store.secrets.one(key, scope, agent_id)
  if (!row) throw new Error('a secret vanished while it was stored')
  return toSecret(row, true)
}

export function deleteSecret(domain: Domain, key: string, address: SecretAddress): void {
  const scope = address.scope ?? 'org'
  if (!domain.store.secrets.remove(key, scope, ownerOf(domain, { ...address, scope })))
    throw new AppError('NOT_FOUND', `There is no secret ${key} of the ${scope === 'org' ? 'organisation' : 'agent'}`)
  recordChange(domain, 'secret', 'deleted', key)
}

/** Values that a run of an agent may see, by name. Throws CannotOpen when the key of this installation does not fit. */
export function secretsFor(domain: Domain, agentId: string): Record<string, string> {
  const rows = domain.store.secrets.reaching(agentId)
  for (const row of rows) domain.store.secrets.used(row, domain.clock.now())
  return opened(domain, rows)
}

/** Values of the organisation alone. Throws CannotOpen. */
export function orgSecrets(domain: Domain): Record<string, string> {
  return opened(domain, domain.store.secrets.reaching(''))
}

function opened(domain: Domain, rows: readonly SecretRow[]): Record<string, string> {
  return Object.fromEntries(rows.map(row => [row.key, domain.vault.open(contextOf(row), row.sealed)]))
}

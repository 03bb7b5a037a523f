import { AppError, invalid } from '#contract/errors'
import {
  bytesOf,
  canBeHidden,
  maxSecretsBytes,
  shortestHidden,
  whyNotHanded,
  whyReserved
} from '#contract/fleet/handed-values'
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

interface SecretQuery extends SecretAddress {
  reaches?: string | undefined
}

export function listSecrets(domain: Domain, address: SecretQuery): Secret[] {
  const idOf = (field: 'agentId' | 'reaches') =>
    address[field] === undefined ? null : referredAgent(domain, field, address[field]).id
  const owner = idOf('agentId')
  const reached = idOf('reaches')
  const { secrets } = domain.store
  return (reached === null ? secrets.all(domain.sight) : secrets.reaching(reached))
    .filter(row => address.scope === undefined || row.scope === address.scope)
    .filter(row => owner === null || row.agent_id === owner)
    .map(row => toSecret(row, isReadable(domain, row)))
}

function isReadable({ vault }: Pick<Domain, 'vault'>, { sealed }: SecretRow): boolean {
  return sealed.subarray(0, vault.mark.length).equals(vault.mark)
}

export function getSecret(domain: Domain, key: string, address: SecretAddress): Secret {
  const scope = address.scope ?? 'org'
  const row = domain.store.secrets.one(key, scope, ownerOf(domain, { ...address, scope }))
  if (!row) throw noSecret(key, scope)
  return toSecret(row, isReadable(domain, row))
}

function noSecret(key: string, scope: Secret['scope']): AppError {
  return new AppError('NOT_FOUND', `There is no secret ${key} of the ${scope === 'org' ? 'organisation' : 'agent'}`)
}

/** `made`: there was none of this address. The warning is for whoever sets it; it is about the value and not kept. */
export function setSecret(
  domain: Domain,
  wish: SecretAddress & { key: string; value: string }
): { secret: Secret; made: boolean; warning: string | null } {
  const { key } = wish
  const scope = wish.scope ?? 'org'
  const agent_id = ownerOf(domain, { ...wish, scope })
  requireHandable(domain, { key, scope, agent_id }, wish.value)
  const known = domain.store.secrets.one(key, scope, agent_id)
  if (!known && domain.store.secrets.count() >= maxSecrets)
    throw new AppError('LIMIT_REACHED', `There are ${maxSecrets} secrets; delete some`)
  const now = domain.clock.now()
  const sealed = domain.vault.seal(contextOf({ key, scope, agent_id }), wish.value)
  domain.store.secrets.set({ key, scope, agent_id, sealed, created_at: now, updated_at: now })
  recordChange(domain, 'secret', known ? 'changed' : 'created', key)
  const secret = getSecret(domain, key, { scope, agentId: wish.agentId })
  return { secret, made: !known, warning: canBeHidden(wish.value) ? null : shownWarning(key) }
}

function shownWarning(key: string): string {
  return (
    `${key} has fewer than ${shortestHidden} characters besides white space and backslashes: it cannot be told from ordinary words, ` +
    'so it is not hidden where an agent prints it'
  )
}

/** Agents get secrets as variables of their process. */
function requireHandable(
  domain: Pick<Domain, 'store'>,
  row: Pick<SecretRow, 'key' | 'scope' | 'agent_id'>,
  value: string
): void {
  const reserved = whyReserved(row.key)
  if (reserved !== null) throw invalid('key', reserved)
  const wrong = whyNotHanded(row.key, value)
  if (wrong !== null) throw invalid('value', wrong)
  const others = domain.store.secrets.bytesBeside(row)
  const all = others + bytesOf(`${row.key}${value}`)
  if (all > maxSecretsBytes)
    throw invalid(
      'value',
      `with ${row.key} the secrets of an agent would have ${all.toLocaleString('en')} bytes together; it can be given ` +
        `${maxSecretsBytes.toLocaleString('en')}. Put what is large into a file and its path into the secret.`
    )
}

export function deleteSecret(domain: Domain, key: string, address: SecretAddress): void {
  const scope = address.scope ?? 'org'
  if (!domain.store.secrets.remove(key, scope, ownerOf(domain, { ...address, scope }))) throw noSecret(key, scope)
  recordChange(domain, 'secret', 'deleted', key)
}

/** Values that a run of an agent may see, by name. Throws CannotOpen when the key of this installation does not fit. */
export function secretsFor(domain: Domain, agentId: string): Record<string, string> {
  const rows = domain.store.secrets.reaching(agentId)
  for (const row of rows) domain.store.secrets.used(row, domain.clock.now())
  return opened(domain, rows)
}

/** Values of the organisation alone. Throws CannotOpen. */
export function orgSecrets(domain: Pick<Domain, 'vault' | 'store'>): Record<string, string> {
  return opened(domain, domain.store.secrets.reaching(''))
}

function opened(domain: Pick<Domain, 'vault'>, rows: readonly SecretRow[]): Record<string, string> {
  return Object.fromEntries(rows.map(row => [row.key, domain.vault.open(contextOf(row), row.sealed)]))
}

import type { Provider } from '#contract/fleet/agents'
import type { Change, Noun } from '#contract/live'
import type { KeyScope } from '#contract/people/keys'
import { type Role, roleScopes } from '#contract/people/users'
import type { Engine, EngineTest } from '#contract/runners/engines'
import type { RuntimeDescription } from '#contract/runners/runners'
import type { Bus } from '../realtime/bus.ts'
import type { Sight } from '../store/people/sight.ts'
import type { Store } from '../store/store.ts'
import type { Vault } from '../vault/vault.ts'
import type { Clock } from './clock.ts'
import type { RememberedOfRunners } from './runners/remembered.ts'

/** What the rules need from the outside; app.ts hands the real things in. */
export interface Domain extends RememberedOfRunners {
  store: Store
  bus: Bus
  vault: Vault
  passwords: Passwords
  engines: Engines
  clock: Clock
  newId(): string
  /** How long a decision of a window is held before its agent is told. */
  undoMs: number
  /** Runtimes this program knows, in the order in which a default is picked. */
  runtimes: readonly RuntimeDescription[]
  /** Kinds of places that this program knows, the usual one first. */
  places: readonly string[]
  /** Which runtime an agent runs on that names only a provider. */
  runtimeOfProvider: Readonly<Record<Provider, string>>
  /** What keys may look like: each belongs to the clients of a face. */
  keyStyles: readonly KeyStyle[]
  /** Faces whose clients log in for a JWT. */
  tokenFaces: readonly string[]
  /** The folder with its links resolved, when it lies on this machine; null when it does not exist. */
  resolveFolder(path: string): string | null
  /** Who acts; null: the control plane itself, or a runner through it. */
  actor: Principal | null
  /** What the actor may see. */
  sight: Sight
}

/** What rules take that only look: nothing can be told, sealed or timed by it. A rule that touches less takes less. */
export type Reading = Pick<Domain, 'store' | 'sight'>

/** A style decides how a key begins and what it may by default; any key opens any face. */
export interface KeyStyle {
  name: string
  /** `fr_live_` */
  prefix: string
  /** What a key may where nothing else is said, as far as its maker may. */
  scopes: readonly KeyScope[]
  /** Keys of it that there may be, where it has a limit of its own. */
  most?: number
}

/** Hashes passwords off the main loop; both throw RateLimited when too many wait. */
interface Passwords {
  hash(password: string): Promise<string>
  /** Takes the same time whether there is a hash or not. */
  matches(password: string, hash: string | null): Promise<boolean>
  close(): Promise<void>
}

/** Container engines of this computer: what is known of them is in memory, and never waited for. */
interface Engines {
  /** The default one first, and never none. */
  list(): Engine[]
  /** Looks for them again, and tries those at once that are unreachable. Resolves when each was tried, or after 5 s. */
  look(): Promise<void>
  /** Throws ENGINE_UNAVAILABLE. */
  test(id: string): Promise<EngineTest>
}

/** Who acts: a person, through the credential that `kind` tells. */
export interface Principal {
  kind: 'owner' | 'session' | 'token' | 'key'
  /** Of the credential. Stable; part of idempotency and rate limits. */
  id: string
  name: string
  /** What the credential and its person both allow. */
  scopes: readonly KeyScope[]
  user: { id: string; role: Role }
  /** When the credential ends by itself; null: never, or it slides. */
  expiresAt: number | null
}

/** Nobody in particular: what a public endpoint sees of its caller. */
export const nobody: Principal = {
  kind: 'key',
  id: 'visitor',
  name: 'visitor',
  scopes: [],
  user: { id: '', role: 'viewer' },
  expiresAt: null
}

export function isAdmin({ scopes }: Principal): boolean {
  return scopes.includes('admin')
}

/** `admin` includes the others, and who may write may read. */
export function holds(principal: Principal, scope: KeyScope): boolean {
  const { scopes } = principal
  return isAdmin(principal) || scopes.includes(scope) || (scope === 'read' && scopes.includes('write'))
}

/** Whether a credential reaches as far as its person does. */
export function isWhole(principal: Principal): boolean {
  return roleScopes[principal.user.role].every(scope => holds(principal, scope))
}

/** Who acts, for what only somebody can do. What the control plane does by itself never asks. */
export function requireActor({ actor }: Pick<Domain, 'actor'>): Principal {
  if (!actor) throw new Error('nobody acts')
  return actor
}

/** The domain for one request of a principal. How far one sees is for the role to say, whatever a key may do. */
export function actingAs(domain: Domain, principal: Principal): Domain {
  const allowed: readonly KeyScope[] = roleScopes[principal.user.role]
  const sight = allowed.includes('admin') ? 'everything' : { userId: principal.user.id }
  return { ...domain, actor: principal, sight }
}

/** Records a change of a thing in the same transaction, and tells listeners once it is durable. */
export function recordChange(domain: Domain, noun: Noun, op: Change['op'], id: string): void {
  domain.store.changes.add(domain.clock.now(), noun, op, id)
  domain.store.writer.afterCommit(() => domain.bus.publish('changes', '', null))
}

import type { KeyScope } from '#contract/keys'
import type { Change, Noun } from '#contract/live'
import type { Bus } from '../realtime/bus.ts'
import type { Store } from '../store/store.ts'
import type { Vault } from '../vault/vault.ts'
import type { Presence } from './presence.ts'

/** What the rules need from the outside; app.ts hands the real things in. */
export interface Domain {
  store: Store
  bus: Bus
  presence: Presence
  vault: Vault
  clock: { now(): number }
  newId(): string
  /** Runtimes this program knows, in the order in which a default is picked. */
  runtimes: readonly { id: string; title: string }[]
  /** The folder with its links resolved, when it lies on this machine; null when it does not exist. */
  resolveFolder(path: string): string | null
  /** Who acts; null: the control plane itself, or a runner through it. */
  actor: Principal | null
  /** What the actor may see. */
  sight: Sight
}

/** Everything, or what one person may see. */
export type Sight = 'everything' | { userId: string }

/** Who acts. */
export interface Principal {
  kind: 'owner' | 'session' | 'key'
  /** Stable; part of idempotency and rate limits. */
  id: string
  name: string
  scopes: readonly KeyScope[]
}

/** The domain for one request of a principal. */
export function actingAs(domain: Domain, principal: Principal): Domain {
  return { ...domain, actor: principal }
}

/** Records a change of a thing in the same transaction, and tells listeners once it is durable. */
export function recordChange(domain: Domain, noun: Noun, op: Change['op'], id: string): void {
  domain.store.changes.add(domain.clock.now(), noun, op, id)
  domain.store.writer.afterCommit(() => domain.bus.publish('changes', '', null))
}
